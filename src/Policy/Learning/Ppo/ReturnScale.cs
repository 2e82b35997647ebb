namespace Legato.Policy.Learning.Ppo;

/// <summary>What a value function learns: returns scaled to mean 0 and variance 1 by what has been seen so far, whatever a reward is worth (Andrychowicz et al. 2021, section 3.3).</summary>
/// <remarks>One thread at a time.</remarks>
/// <param name="isOn">Whether anything is scaled.</param>
internal sealed class ReturnScale(bool isOn)
{
    private readonly RunningNormalizer _seen = new(1);

    /// <summary>Takes returns into account.</summary>
    public void Observe(ReadOnlySpan<float> returns)
    {
        if (isOn)
            _seen.Observe(returns);
    }

    /// <summary>Returns as the value function learns them.</summary>
    public float[] Scaled(float[] returns)
    {
        if (!isOn)
            return returns;
        float[] scaled = new float[returns.Length];
        _seen.Apply(returns, scaled);
        return scaled;
    }

    /// <summary>What the value function says, as returns; in place.</summary>
    public void Unscale(Span<float> values)
    {
        (float mean, float deviation) = (0, 1);
        _seen.CopyTo(new Span<float>(ref mean), new Span<float>(ref deviation));
        foreach (ref float value in values)
            value = mean + (deviation * value);
    }

    /// <summary>Writes what has been seen.</summary>
    public void Save(BinaryWriter writer) => _seen.Save(writer);

    /// <summary>Goes back to what was written.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public void Load(BinaryReader reader) => _seen.Load(reader);
}
