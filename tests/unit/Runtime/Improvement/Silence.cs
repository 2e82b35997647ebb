namespace Legato.Tests.Runtime.Improvement;

/// <summary>Progress that nobody hears.</summary>
internal sealed class Silence : IProgress<string>
{
    public void Report(string value)
    {
    }
}
