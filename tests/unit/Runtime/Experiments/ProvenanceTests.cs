using System.Text.Json.Nodes;

using Legato.Runtime.Experiments;

namespace Legato.Tests.Runtime.Experiments;

public sealed class ProvenanceTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("legato-provenance-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void FilesOfOneNameAreToldApartByTheirPaths()
    {
        string robot = Write("robots/rig.yaml", "a"), reality = Write("realities/rig.yaml", "b"), limits = Write("limits.yaml", "c");
        JsonObject hashes = Provenance.HashesOf([robot, reality, limits, robot]);
        Assert.Equal([robot, reality, "limits.yaml"], hashes.Select(h => h.Key));
        Assert.Equal("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", (string?)hashes[robot]);
        Assert.Equal(3, hashes.Select(h => (string?)h.Value).Distinct().Count());
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
