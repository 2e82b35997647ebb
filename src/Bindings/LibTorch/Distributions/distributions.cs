using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Probability distributions.</summary>
    public static class distributions
    {
        /// <summary>Independent normal distributions; location and scale are broadcast.</summary>
        public static Normal Normal(Tensor loc, Tensor scale, Generator? generator = null) => new(loc, scale, generator);
    }
}
