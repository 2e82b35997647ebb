using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Learning.Td3;
using Legato.Policy.Learning.Training;
using Legato.Policy.Planning;
using Legato.Policy.Refinement;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;

namespace Legato.Policy.Learning.OnRobot;

/// <summary>HandelBot's way: refine the lateral joints by what sounded, then learn a network that corrects the plan, with TD3, all on the robot.</summary>
/// <remarks>
/// Source: HandelBot (arXiv 2603.12243). Other than there, one network corrects both hands, learning takes place between performances, noise is
/// added to target actions once, and a step that asks for no key earns the full share of keys that sound. One thread at a time. Same
/// performances and seed: the same corrections (libtorch's kernels depend on the processor).
/// </remarks>
public sealed class CorrectionPractice : IPractice
{
    private readonly PianoScene _scene;
    private readonly NoteTrajectory _trajectory;
    private readonly PolicyBundle _bundle;
    private readonly TaskDefinition _definition;
    private readonly CorrectionOptions _options;
    private readonly ulong _seed;
    private readonly Random _random;
    private readonly LateralRefinement _lateral;
    private readonly KeyRoll _truth;
    private double[] _angles;
    private Residual? _residual;
    private int _performances;

    /// <summary>Prepares.</summary>
    /// <param name="scene">The best model of the robot there is. It stays the caller's.</param>
    /// <param name="trajectory">The song.</param>
    /// <param name="bundle">What to begin with; a network in it is left out.</param>
    /// <param name="definition">What the network sees, and how long an action stays in force.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="seed">Draws noise, first weights and samples.</param>
    public CorrectionPractice(PianoScene scene, NoteTrajectory trajectory, PolicyBundle bundle, TaskDefinition definition, CorrectionOptions options, int seed)
    {
        (_scene, _trajectory, _definition, _options) = (scene, trajectory, definition, options);
        (_seed, _random, _truth) = ((ulong)seed, new Random(seed), trajectory.ToKeyRoll());
        _bundle = bundle.OpenLoop();
        _lateral = new LateralRefinement(scene, _bundle.ToPlan(), trajectory);
        _angles = _lateral.Save();
        Next = _bundle;
    }

    /// <inheritdoc/>
    public PolicyBundle Next { get; private set; }

    /// <inheritdoc/>
    public ExplorationTape? Exploration { get; private set; }

    /// <inheritdoc/>
    public PolicyBundle? Best { get; private set; }

    /// <inheritdoc/>
    public PerformanceScore Learn(RolloutTrace trace, CancellationToken stop)
    {
        PerformanceScore score = trace.Score(_truth);
        bool isTrial = _residual is null || IsTrial(_performances);
        if (isTrial && (Best is null || (score.F1, score.OnsetF1).CompareTo((Best.Manifest.Evaluation.F1, Best.Manifest.Evaluation.OnsetF1)) > 0))
        {
            Best = Next with { Manifest = Next.Manifest with { Evaluation = score } };
            if (_residual is null)
                _angles = _lateral.Save();
        }
        _lateral.Learn(trace);
        _performances++;
        if (_residual is null && _performances < _options.Refinements)
        {
            Next = _bundle with { Commands = _lateral.Corrected() };
            return score;
        }
        // From here on the best refinement stays; what sounds only says where noise should go.
        _lateral.Restore(_angles);
        if (_residual is null)
            _residual = new Residual(_scene, SongTask.Create(_definition, _scene, _trajectory, _bundle.ToPlan() with { Commands = _lateral.Corrected() }), _options.Td3, _seed);
        else
            Take(_residual, trace, stop);
        Prepare(_residual);
        return score;
    }

    /// <inheritdoc/>
    public void Dispose() => _residual?.Agent.Dispose();

    private bool IsTrial(int performance) => (performance - Math.Max(1, _options.Refinements) + 1) % _options.TrialEvery == 0;

    private void Prepare(Residual residual)
    {
        TrainedNetwork network = residual.Drives.Spread(residual.Agent.Export());
        Next = (_bundle with { Commands = _lateral.Corrected() }).With(network, new ResidualManifest
        {
            Task = _definition.ToYaml(),
            Observation = residual.Task.Observations.Layout.Ranges,
            Network = network.Description,
            WeightsHash = "",
            Learner = "td3",
            Severity = 0,
            EnvSteps = residual.Agent.Transitions * _definition.Action.Hold,
            PlanF1 = _bundle.Manifest.Evaluation.F1,
            PolicyF1 = Best?.Manifest.Evaluation.F1 ?? 0,
        });
        Exploration = new ExplorationTape(residual.Task.Song.Steps, _definition.Action.Hold, residual.Task.Observations.Layout.Size, residual.Drives.Limits);
        if (!IsTrial(_performances))
            Draw(residual, Exploration);
    }

    private void Draw(Residual residual, ExplorationTape tape)
    {
        double done = Math.Min(1, (double)residual.Agent.Transitions / _options.NoiseDecay);
        double deviation = _options.FirstNoise + (done * (_options.LastNoise - _options.FirstNoise)), kept = 1 - _options.NoiseReversion;
        double fresh = deviation * Math.Sqrt(1 - (kept * kept));
        CorrectedDrives drives = residual.Drives;
        double[] noise = new double[drives.Count];
        float[] corrections = new float[drives.Count];
        for (int i = 0; i < noise.Length; i++)
            noise[i] = deviation * Normal();
        for (int d = 0; d < tape.Decisions; d++)
        {
            int chunk = Math.Min(d * _definition.Action.Hold / LateralRefinement.Chunk, _lateral.Chunks - 1);
            for (int i = 0; i < noise.Length; i++)
            {
                noise[i] = (kept * noise[i]) + (fresh * Normal());
                int known = drives.IsLateral[i] ? _lateral.Direction(chunk, drives.Fingers[i]) : 0;
                corrections[i] = (float)(known != 0 && _random.NextDouble() < _options.Guided ? known * Math.Abs(noise[i]) : noise[i]);
            }
            drives.Spread(corrections, tape.Noise(d));
        }
    }

    private void Take(Residual residual, RolloutTrace trace, CancellationToken stop)
    {
        ExplorationTape tape = Exploration!;
        float[] corrections = new float[residual.Drives.Count];
        for (int d = 0; d < tape.Decisions; d++)
        {
            bool isLast = d == tape.Decisions - 1;
            if (!tape.IsTaken(d) || (!isLast && !tape.IsTaken(d + 1)))
                continue;
            residual.Drives.Gather(tape.Action(d), corrections);
            double reward = -_options.ActionCost * corrections.Sum(Math.Abs);
            for (int t = d * _definition.Action.Hold; t < Math.Min(trace.Steps, (d + 1) * _definition.Action.Hold); t++)
                reward += Reward(trace.Keys(t), t - (trace.Steps - _truth.Count));
            residual.Agent.Add(tape.Observation(d), corrections, (float)reward, tape.Observation(isLast ? d : d + 1), isLast);
        }
        residual.Agent.Learn(stop);
    }

    // The share of keys that should sound and do, and whether no other does.
    private double Reward(ReadOnlySpan<bool> down, int step)
    {
        int wanted = 0, sounding = 0;
        bool isClean = true;
        for (int k = 0; k < PianoGeometry.KeyCount; k++)
        {
            bool isWanted = step >= 0 && _truth[step, k];
            wanted += isWanted ? 1 : 0;
            sounding += isWanted && down[k] ? 1 : 0;
            isClean &= isWanted || !down[k];
        }
        return (_options.KeyOnWeight * (wanted == 0 ? 1 : (double)sounding / wanted)) + (isClean ? 1 - _options.KeyOnWeight : 0);
    }

    // Box and Muller 1958.
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private sealed class Residual
    {
        public Residual(PianoScene scene, PianoTask task, Td3Options options, ulong seed)
        {
            (Task, Drives) = (task, new CorrectedDrives(scene, task));
            Agent = new Td3Agent(task.Observations.Layout.Size, Drives.Count, options, seed);
        }

        public PianoTask Task { get; }

        public CorrectedDrives Drives { get; }

        public Td3Agent Agent { get; }
    }
}
