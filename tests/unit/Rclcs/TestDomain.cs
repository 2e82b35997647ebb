namespace Legato.Tests.Rclcs;

/// <summary>A ROS domain that no other tests on this machine use while this object lives, in this process or another.</summary>
/// <remarks>The lease is a locked file, which the kernel unlocks when a process ends, however it does.</remarks>
public sealed class TestDomain : IDisposable
{
    private const int First = 50, Last = 101;

    private readonly FileStream _lease;

    private TestDomain(int id, FileStream lease) => (Id, _lease) = (id, lease);

    /// <summary>The domain.</summary>
    public int Id { get; }

    /// <summary>Takes a domain that is free.</summary>
    public static TestDomain Lease()
    {
        for (int id = First; id <= Last; id++)
        {
            try
            {
                string path = Path.Combine(Path.GetTempPath(), $"legato-test-domain-{id}");
                return new TestDomain(id, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody tests in this one; the file may be another user's.
            }
        }
        throw new InvalidOperationException($"all ROS domains from {First} to {Last} are taken by tests");
    }

    /// <inheritdoc/>
    public void Dispose() => _lease.Dispose();
}
