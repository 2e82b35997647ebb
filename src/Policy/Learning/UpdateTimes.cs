namespace Legato.Policy.Learning;

/// <summary>Where the wall-clock time of an update went.</summary>
/// <param name="Physics">Stepping the environments, rewards and observations included, s.</param>
/// <param name="Inference">What policy and value function make of observations while experience is gathered, s.</param>
/// <param name="Learning">Gradient steps, s.</param>
/// <param name="Rest">Everything else, s.</param>
public sealed record UpdateTimes(double Physics, double Inference, double Learning, double Rest)
{
    /// <summary>Together, s.</summary>
    public double Total => Physics + Inference + Learning + Rest;

    /// <summary>Adds phase by phase.</summary>
    public static UpdateTimes operator +(UpdateTimes a, UpdateTimes b) => new(a.Physics + b.Physics, a.Inference + b.Inference, a.Learning + b.Learning, a.Rest + b.Rest);
}
