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

            /// <summary>Up to a rate and down again, each by half a cosine, Smith and Topin 2017.</summary>
            public static LRScheduler OneCycleLR(Optimizer optimizer, double max_lr, int total_steps, double pct_start = 0.3, double div_factor = 25, double final_div_factor = 1e4)
            {
                double first = max_lr / div_factor, last = first / final_div_factor, top = (pct_start * total_steps) - 1;
                return new ByEpoch(optimizer, (_, _, t) => t <= top ? Between(first, max_lr, t / top) : Between(max_lr, last, (t - top) / (total_steps - 1 - top)));

                static double Between(double from, double to, double share) => to + ((from - to) * (1 + Math.Cos(Math.PI * Math.Clamp(share, 0, 1))) / 2);
            }

            /// <summary>Less when a figure has stopped getting better.</summary>
            public static LRScheduler ReduceLROnPlateau(
                Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1e-4, int cooldown = 0, double min_lr = 0) =>
                new Plateau(optimizer, mode, factor, patience, threshold, cooldown, min_lr);

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
                private readonly Func<int, double, int, double> _rate;
                private int _epoch;

                public ByEpoch(Optimizer optimizer, Func<int, double, int, double> rate)
                    : base(optimizer)
                {
                    _rate = rate;
                    Set();
                }

                public override void step()
                {
                    _epoch++;
                    Set();
                }

                private void Set()
                {
                    for (int i = 0; i < Optimizer.ParamGroups.Count; i++)
                        Optimizer.ParamGroups[i].LearningRate = _rate(i, Optimizer.ParamGroups[i].InitialLearningRate, _epoch);
                }
            }

            private sealed class Plateau(Optimizer optimizer, string mode, double factor, int patience, double threshold, int cooldown, double min_lr) : LRScheduler(optimizer)
            {
                private readonly bool _less = mode switch
                {
                    "min" => true,
                    "max" => false,
                    _ => throw new ArgumentException($"mode '{mode}': expected 'min' or 'max'", nameof(mode)),
                };

                private double? _best;
                private int _bad, _cooling;

                public override void step() => throw new InvalidOperationException("ReduceLROnPlateau needs the figure: step(current)");

                public override void step(double current, int? epoch = null)
                {
                    bool better = _best is not { } best || (_less ? current < best * (1 - threshold) : current > best * (1 + threshold));
                    (_best, _bad) = better ? (current, 0) : (_best, _bad + 1);
                    if (_cooling > 0)
                        (_cooling, _bad) = (_cooling - 1, 0);
                    if (_bad <= patience)
                        return;
                    foreach (Modules.ParamGroup group in Optimizer.ParamGroups)
                        group.LearningRate = Math.Max(min_lr, group.LearningRate * factor);
                    (_bad, _cooling) = (0, cooldown);
                }
            }
        }
    }
}
