using System.Globalization;
using System.Security.Cryptography;
using Legato.Tests.Processes;

namespace Legato.Tests.Rclcs;

/// <summary>The Fast DDS program in <c>peer/</c>, built on first use with the vendor's own code generator.</summary>
public sealed class FastDdsPeer : IDisposable
{
    private static readonly TimeSpan BuildTime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(1);

    private readonly TestDomain _domain = TestDomain.Lease();
    private readonly ChildProcess _process;

    /// <summary>Starts the peer and returns when its endpoints exist.</summary>
    public FastDdsPeer()
    {
        _process = ChildProcess.Start(Build(), Domain.ToString(CultureInfo.InvariantCulture));
        WaitForLine(line => line == "ready", StartTime);
    }

    /// <summary>The domain it is on.</summary>
    public int Domain => _domain.Id;

    /// <summary>Waits for a line that the peer printed or will print.</summary>
    public string WaitForLine(Func<string, bool> fits, TimeSpan timeout) => _process.WaitForLine(fits, timeout);

    public void Dispose()
    {
        _process.Dispose();
        _domain.Dispose();
    }

    // The folder's name has a hash of the sources: what is there is up to date.
    private static string Build()
    {
        string source = Repository.PathOf("tests", "hil", "Rclcs", "peer");
        string[] files = [Path.Combine(source, "ros_messages.idl"), Path.Combine(source, "peer.cpp")];
        string hash = Convert.ToHexStringLower(SHA256.HashData([.. files.SelectMany(File.ReadAllBytes)]))[..16];
        string finished = Repository.PathOf("artifacts", "fastdds-peer", hash);
        if (!Directory.Exists(finished))
        {
            string folder = Directory.CreateDirectory(Repository.PathOf("artifacts", "fastdds-peer", $"{hash}.{Environment.ProcessId}")).FullName;
            foreach (string file in files)
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
            ChildProcess.Run(folder, BuildTime, "fastddsgen", "-replace", "ros_messages.idl");
            ChildProcess.Run(
                folder, BuildTime, "g++", "-std=c++17", "-O0", "-o", "peer",
                "peer.cpp", "ros_messages.cxx", "ros_messagesPubSubTypes.cxx", "-lfastrtps", "-lfastcdr");
            Directory.Move(folder, finished);
        }
        return Path.Combine(finished, "peer");
    }
}
