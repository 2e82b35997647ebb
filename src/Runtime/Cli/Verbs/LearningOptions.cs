using System.CommandLine;

using Legato.Policy.Learning.Training;
using Legato.Runtime.Experiments;
using Legato.Runtime.Improvement;
using Legato.Sim.Tasks;

namespace Legato.Runtime.Cli.Verbs;

/// <summary>The options of the loop that only a learner with a network has.</summary>
internal sealed class LearningOptions
{
    public Option<long> Steps { get; } = new("--steps") { Description = "With ppo or droq: control steps of training per song and round", DefaultValueFactory = _ => new TrainingOptions().Steps };

    public Option<int> Rigs { get; } = new("--rigs") { Description = "With ppo or droq: rigs to train on", DefaultValueFactory = _ => TrainOptions.DefaultRigs };

    public Option<double> Severity { get; } = new("--severity") { Description = "With ppo or droq: how far rigs differ from the simulator in what no fit has found, 0 to 1", DefaultValueFactory = _ => 0.5 };

    /// <summary>The task that loops learn.</summary>
    public static string TaskFile(CliHost cli) => Path.Combine(cli.Paths.Config, "tasks", "legato.yaml");

    /// <summary>What the call asks for; null for the planner.</summary>
    /// <exception cref="InputException">A value is out of range, or the planner is asked to learn.</exception>
    public LearningBudget? Budget(ParseResult parse, string learner)
    {
        if (learner != PlanLearner.Word)
            return new LearningBudget(OptionRange.Of("--steps", parse.GetValue(Steps), 1, 1_000_000_000), OptionRange.Of("--rigs", parse.GetValue(Rigs), 1, 10_000), OptionRange.Of("--severity", parse.GetValue(Severity), 0, 1));
        Option? stray = ((Option[])[Steps, Rigs, Severity]).FirstOrDefault(option => parse.GetResult(option) is { Implicit: false });
        return stray is null ? null : throw new InputException($"{stray.Name} is for learners with a network; leave it out, or give --learner {TrainOptions.Ppo} or {TrainOptions.Droq}");
    }

    /// <summary>How to train within a budget.</summary>
    /// <exception cref="InputException">The task's file is damaged.</exception>
    public static TrainOptions Options(CliHost cli, string learner, LearningBudget budget, int seed) => new()
    {
        Learner = learner,
        Task = TaskDefinition.Load(TaskFile(cli)),
        Training = new TrainingOptions { Steps = budget.EnvSteps },
        Rigs = budget.Rigs,
        Severity = budget.Severity,
        Seed = seed,
    };
}
