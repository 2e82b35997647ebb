using System.Globalization;
using System.Text;
using Legato.Music;

namespace Legato.Policy.Learning.Training;

/// <summary>Trains a policy into a folder: tries it now and then on rigs that it does not learn from, keeps the best, and can be stopped at any time.</summary>
/// <remarks>
/// <c>checkpoint.bin</c> has the learner and <c>best.bin</c> the learner as it was at its best; <c>curve.csv</c> grows with every update and trial. A
/// session that is cut off goes on from its last trial with the same bits as if it had not been. One thread at a time.
/// </remarks>
public sealed class Trainer
{
    private const string Magic = "legato-training-2";
    private const string CheckpointName = "checkpoint.bin", BestName = "best.bin", CurveName = "curve.csv";

    private readonly ILearner _learner;
    private readonly PolicyTrial _trial;
    private readonly TrainingOptions _options;
    private readonly string _folder, _identity;
    private readonly TimeProvider _time;
    private readonly List<TrainingPoint> _curve = [];
    private readonly StringBuilder _csv = new();
    private double _earlierSeconds;

    /// <summary>Prepares to train, or to go on.</summary>
    /// <param name="learner">Learns; it stays the caller's.</param>
    /// <param name="trial">Judges; it stays the caller's.</param>
    /// <param name="options">How long, how often.</param>
    /// <param name="folder">Where to write; it is created.</param>
    /// <param name="identity">Says what is learnt from what: a checkpoint of anything else is refused.</param>
    /// <param name="time">Measures time.</param>
    public Trainer(ILearner learner, PolicyTrial trial, TrainingOptions options, string folder, string identity, TimeProvider time) =>
        (_learner, _trial, _options, _folder, _identity, _time) = (learner, trial, options, folder, identity, time);

    /// <summary>Trials in order.</summary>
    public IReadOnlyList<TrainingPoint> Curve => _curve;

    /// <summary>The best of them; of equals the first.</summary>
    public TrainingPoint? Best => _curve.MaxBy(p => p.F1);

    /// <summary>Why training ended before its steps were done; null if it did not.</summary>
    public string? EndedBecause { get; private set; }

    /// <summary>Wall-clock time spent, s, of all sessions together.</summary>
    public double Seconds { get; private set; }

    /// <summary>Trains until the steps are done; afterwards the learner has the policy that was best.</summary>
    /// <param name="progress">Told after every update; may be null.</param>
    /// <param name="stop">Ends training after the update under way.</param>
    /// <exception cref="InputException">The folder cannot be written, or its checkpoint is damaged or of another training.</exception>
    /// <exception cref="LearningException">The policy fell apart.</exception>
    public void Run(IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        Directory.CreateDirectory(_folder);
        string checkpoint = Path.Combine(_folder, CheckpointName);
        if (File.Exists(checkpoint))
            Read(checkpoint);
        long start = _time.GetTimestamp(), first = _learner.EnvSteps;
        TimeSpan tried = TimeSpan.Zero;
        if (_curve.Count == 0)
            Try();
        LearningProgress? update = null;
        while (_learner.EnvSteps < _options.Steps && EndedBecause is null && !stop.IsCancellationRequested)
        {
            update = _learner.Advance();
            WriteRow(update);
            if (_learner.EnvSteps >= _curve[^1].EnvSteps + _options.TrialEvery || _learner.EnvSteps >= _options.Steps)
                Try();
            double seconds = (_time.GetElapsedTime(start) - tried).TotalSeconds;
            progress?.Report(new TrainingProgress(update, _curve[^1], Best, (_learner.EnvSteps - first) / seconds));
        }
        // What came after the last trial is judged, too, unless the caller wants to be gone.
        if (_learner.EnvSteps > _curve[^1].EnvSteps && !stop.IsCancellationRequested)
            Try();
        Elapse();
        if (Path.Combine(_folder, BestName) is var best && File.Exists(best))
            Read(best);

        void Try()
        {
            long began = _time.GetTimestamp();
            // Not broken off: what was learnt is judged whole, or not at all.
            TrialResult result = _trial.Run(_learner.Act, stop: CancellationToken.None);
            tried += _time.GetElapsedTime(began);
            Elapse();
            var point = new TrainingPoint(_learner.EnvSteps, result.MeanF1, result.MeanReturn, Seconds);
            bool isBest = Best is not { } before || point.F1 > before.F1;
            _curve.Add(point);
            WriteTrial(point);
            Write(checkpoint);
            if (isBest)
                Keep(checkpoint);
            AtomicFile.Write(Path.Combine(_folder, CurveName), _csv.ToString());
            if (_curve.Count >= _options.CollapseTrials && _curve.TakeLast(_options.CollapseTrials).All(p => p.F1 < Best!.F1 - _options.CollapseMargin))
                EndedBecause = FormattableString.Invariant($"F1 has been more than {_options.CollapseMargin} below its best of {Best!.F1:0.000} for {_options.CollapseTrials} trials");
        }

        void Elapse() => Seconds = _earlierSeconds + _time.GetElapsedTime(start).TotalSeconds;
    }

    private void Keep(string checkpoint) => AtomicFile.Write(Path.Combine(_folder, BestName), stream =>
    {
        using FileStream written = File.OpenRead(checkpoint);
        written.CopyTo(stream);
    });

    private void WriteRow(LearningProgress update)
    {
        if (_csv.Length == 0)
            _csv.AppendLine(Header(update.Figures.Select(f => f.Key)));
        _csv.AppendLine(string.Create(CultureInfo.InvariantCulture,
            $"{update.EnvSteps},,{Cell(update.EpisodeF1)},{update.MeanReward:R},{string.Join(',', update.Figures.Select(f => Cell(f.Value)))}"));
    }

    private void WriteTrial(TrainingPoint point)
    {
        if (_csv.Length > 0)
            _csv.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{point.EnvSteps},{point.F1:R},,,"));
    }

    private static string Header(IEnumerable<string> figures) => $"env_steps,trial_f1,episode_f1,mean_reward,{string.Join(',', figures)}";

    private static string Cell(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    private void Write(string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(_identity);
        writer.Write(Seconds);
        writer.Write(_csv.ToString());
        writer.Write(_curve.Count);
        foreach (TrainingPoint point in _curve)
        {
            writer.Write(point.EnvSteps);
            writer.Write(point.F1);
            writer.Write(point.Return);
            writer.Write(point.Seconds);
        }
        _learner.Save(writer);
    });

    // The curve is that of the last trial, the learner that of the file.
    private void Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            using var reader = new BinaryReader(stream, Encoding.UTF8);
            if (reader.ReadString() != Magic)
                throw new InvalidDataException("it is no checkpoint");
            if (reader.ReadString() is var identity && identity != _identity)
                throw new InputException($"{path}: a checkpoint of another training ({identity}), this one is {_identity}; choose another folder with --out, or delete it");
            double seconds = reader.ReadDouble();
            string csv = reader.ReadString();
            TrainingPoint[] curve = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => new TrainingPoint(reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble()))];
            if (_curve.Count == 0)
            {
                _earlierSeconds = seconds;
                _csv.Append(csv);
                _curve.AddRange(curve);
            }
            _learner.Load(reader);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InputException($"{path}: {e.Message.ReplaceLineEndings(" ")}; delete it to begin anew", e);
        }
    }
}
