using static TorchSharp.torch;

namespace Legato.Policy.Learning.Torch;

/// <summary>Keeps libtorch to one thread until it is disposed, for little work between steps of environments.</summary>
/// <remarks>So little is not worth waking its other threads for; where they are told to wait by spinning, they would take the cores that the environments need.</remarks>
internal sealed class OneThread : IDisposable
{
    private readonly int _before = get_num_threads();

    public OneThread() => set_num_threads(1);

    public void Dispose() => set_num_threads(_before);
}
