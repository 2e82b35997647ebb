namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Learning rates over time. A scheduler's <c>step()</c> follows the optimizer's.</summary>
        public static class lr_scheduler
        {
            public static LRScheduler StepLR(Optimizer optimizer, int step_size, double gamma = 0.1) => new ByEpoch(optimizer, (_, initial, t) => initial * Math.Pow(gamma, t / step_size));

            public static LRScheduler MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1) =>
                new ByEpoch(optimizer, (_, initial, t) => initial * Math.Pow(gamma, milestones.Count(m => m <= t)));

            public static LRScheduler ExponentialLR(Optimizer optimizer, double gamma = 0.1) => new ByEpoch(optimizer, (_, initial, t) => initial * Math.Pow(gamma, t));

            public static LRScheduler ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5) => new ByEpoch(optimizer, (_, initial, t) => t < total_iters ? initial * factor : initial);

            public static LRScheduler LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda) => new ByEpoch(optimizer, (_, initial, t) => initial * lr_lambda(t));

            /// <summary>Half a cosine from the first rate to <paramref name="eta_min"/>, Loshchilov and Hutter 2016.</summary>
            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0) =>
                new ByEpoch(optimizer, (_, initial, t) => eta_min + ((initial - eta_min) * (1 + Math.Cos(Math.PI * t / T_max)) / 2));

            /// <summary>
            /// Up to a rate and down again, each by half a cosine, Smith and Topin 2017; momentum, or Adam's first beta, runs the other way. Give
            /// <paramref name="total_steps"/>, or both <paramref name="epochs"/> and <paramref name="steps_per_epoch"/>.
            /// </summary>
            public static LRScheduler OneCycleLR(
                Optimizer optimizer,
                double max_lr,
                int total_steps = -1,
                int epochs = -1,
                int steps_per_epoch = -1,
                double pct_start = 0.3,
                impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos,
                bool cycle_momentum = true,
                double base_momentum = 0.85,
                double max_momentum = 0.95,
                double div_factor = 25,
                double final_div_factor = 1e4)
            {
                int steps = total_steps > 0 ? total_steps : epochs > 0 && steps_per_epoch > 0 ? epochs * steps_per_epoch : throw new ArgumentException("expected total_steps, or epochs and steps_per_epoch");
                double first = max_lr / div_factor, last = first / final_div_factor, top = (pct_start * steps) - 1;
                return new ByEpoch(optimizer, (_, _, t) => Cycle(t, first, max_lr, last), cycle_momentum ? t => Cycle(t, max_momentum, base_momentum, max_momentum) : null);

                double Cycle(int t, double start, double middle, double end) => t < top ? Between(start, middle, t / top) : Between(middle, end, (t - top) / (steps - 1 - top));

                double Between(double from, double to, double share)
                {
                    share = Math.Clamp(share, 0, 1);
                    return to + ((from - to) * (anneal_strategy == impl.OneCycleLR.AnnealStrategy.Linear ? 1 - share : (1 + Math.Cos(Math.PI * share)) / 2));
                }
            }

            /// <summary>Schedulers one after another; each starts anew at its milestone. <see cref="ReduceLROnPlateau"/> cannot be among them.</summary>
            public static LRScheduler SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones)
            {
                ByEpoch[] parts = [.. schedulers.Select(s => s as ByEpoch ?? throw new ArgumentException("a scheduler that needs a figure cannot be part of a sequence", nameof(schedulers)))];
                int[] starts = [0, .. milestones];
                if (parts.Length != starts.Length)
                    throw new ArgumentException($"{parts.Length} schedulers need {parts.Length - 1} milestones, not {starts.Length - 1}", nameof(milestones));
                return new ByEpoch(optimizer, (group, initial, t) => parts[Part(t)].Rate(group, initial, t - starts[Part(t)]));

                int Part(int t) => Array.FindLastIndex(starts, start => start <= t);
            }

            /// <summary>Less when a figure has stopped getting better.</summary>
            /// <param name="optimizer">Whose rates.</param>
            /// <param name="mode"><c>min</c> if less is better, or <c>max</c>.</param>
            /// <param name="factor">Of the rate, each time.</param>
            /// <param name="patience">Steps without progress that are let pass.</param>
            /// <param name="threshold">Progress that counts.</param>
            /// <param name="threshold_mode"><c>rel</c>: the threshold is a share of the best figure; <c>abs</c>: a difference from it.</param>
            /// <param name="cooldown">Steps after a change that do not count.</param>
            /// <param name="min_lr">Least rates by group; 0 unless given.</param>
            /// <param name="eps">A smaller change is not made.</param>
            public static LRScheduler ReduceLROnPlateau(
                Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1e-4, string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1e-8) =>
                new Plateau(optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps);

            /// <summary>Where TorchSharp keeps the schedulers' own types.</summary>
            public static class impl
            {
                public static class OneCycleLR
                {
                    public enum AnnealStrategy
                    {
                        Cos,
                        Linear,
                    }
                }
            }

            /// <summary>Sets the learning rates of an optimizer.</summary>
            public abstract class LRScheduler
            {
                private protected LRScheduler(Optimizer optimizer) => Optimizer = optimizer;

                private protected Optimizer Optimizer { get; }

                /// <summary>Goes to the next epoch.</summary>
                public abstract void step();

                /// <summary>Goes to the next epoch, knowing how good the last was.</summary>
                public virtual void step(double current, int? epoch = null) => step();

                public IEnumerable<double> get_last_lr() => Optimizer.ParamGroups.Select(g => g.LearningRate);
            }

            private sealed class ByEpoch : LRScheduler
            {
                private readonly Func<int, double>? _momentum;
                private int _epoch;

                // Rates: from the group's number, its first rate and the epoch.
                public ByEpoch(Optimizer optimizer, Func<int, double, int, double> rate, Func<int, double>? momentum = null)
                    : base(optimizer)
                {
                    (Rate, _momentum) = (rate, momentum);
                    Set();
                }

                public Func<int, double, int, double> Rate { get; }

                public override void step()
                {
                    _epoch++;
                    Set();
                }

                private void Set()
                {
                    for (int i = 0; i < Optimizer.ParamGroups.Count; i++)
                    {
                        Modules.ParamGroup group = Optimizer.ParamGroups[i];
                        group.LearningRate = Rate(i, group.InitialLearningRate, _epoch);
                        if (_momentum is not null)
                            group.Momentum = _momentum(_epoch);
                    }
                }
            }

            private sealed class Plateau(Optimizer optimizer, string mode, double factor, int patience, double threshold, string threshold_mode, int cooldown, IList<double>? min_lr, double eps)
                : LRScheduler(optimizer)
            {
                // A figure is better if it is less than the best, after this sign.
                private readonly int _sign = mode switch
                {
                    "min" => 1,
                    "max" => -1,
                    _ => throw new ArgumentException($"mode '{mode}': expected 'min' or 'max'", nameof(mode)),
                };

                private readonly bool _relative = threshold_mode switch
                {
                    "rel" => true,
                    "abs" => false,
                    _ => throw new ArgumentException($"mode '{threshold_mode}': expected 'rel' or 'abs'", nameof(threshold_mode)),
                };

                private double? _best;
                private int _bad, _cooling;

                public override void step() => throw new InvalidOperationException("ReduceLROnPlateau needs the figure: step(current)");

                public override void step(double current, int? epoch = null)
                {
                    bool better = _best is not { } best || _sign * current < (_sign * best) - (_relative ? threshold * best : threshold);
                    (_best, _bad) = better ? (current, 0) : (_best, _bad + 1);
                    if (_cooling > 0)
                        (_cooling, _bad) = (_cooling - 1, 0);
                    if (_bad <= patience)
                        return;
                    for (int i = 0; i < Optimizer.ParamGroups.Count; i++)
                    {
                        Modules.ParamGroup group = Optimizer.ParamGroups[i];
                        double rate = Math.Max(min_lr?[i] ?? 0, group.LearningRate * factor);
                        if (group.LearningRate - rate > eps)
                            group.LearningRate = rate;
                    }
                    (_bad, _cooling) = (0, cooldown);
                }
            }
        }
    }
}
