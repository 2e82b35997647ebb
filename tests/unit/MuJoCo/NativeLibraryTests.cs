using System.Runtime.InteropServices;
using MuJoCo;

namespace Legato.Tests.MuJoCo;

/// <summary>What happens when the native library is missing, of another version, or raises an error: each in its own process.</summary>
public sealed partial class NativeLibraryTests : IDisposable
{
    private const string ChildVariable = "LEGATO_TEST_MUJOCO_ERROR";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ErrorInMuJoCoEndsTheProcessWithOneLineAndItsExitCode()
    {
        if (Environment.GetEnvironmentVariable(ChildVariable) != null)
        {
            using MjModel model = MjModel.FromXmlString(Models.Ball);
            mju_error("the stack is full");
            Assert.Fail("mju_error returned");
        }

        (int exitCode, string output) = Programs.RunTest(GetType(), nameof(ErrorInMuJoCoEndsTheProcessWithOneLineAndItsExitCode), (ChildVariable, "1"));

        Assert.True(exitCode == MjLog.ErrorExitCode, output);
        Assert.Contains("MuJoCo error, the process ends: the stack is full\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void LibraryOfAnotherVersionIsRefused()
    {
        string source = _folder.File("fake.c");
        File.WriteAllText(source, "int mj_version(void) { return 999; }");
        (int exitCode, string output) = Programs.Run("cc", ["-shared", "-o", _folder.File("libmujoco.so.2.2.2"), source]);
        Assert.True(exitCode == 0, output);

        Assert.Contains("libmujoco.so.2.2.2 is MuJoCo 999, this binding was generated for 222", OutputWithLibraryFolder(), StringComparison.Ordinal);
    }

    [Fact]
    public void LibraryThatCannotBeLoadedIsNamedWithItsPackage()
    {
        foreach (string name in new[] { "libmujoco.so.2.2.2", "libmujoco.so" })
            File.WriteAllText(_folder.File(name), "not a library");

        Assert.Contains(
            "MuJoCo's library cannot be loaded (tried libmujoco.so.2.2.2, libmujoco.so); install it with: apt-get install libmujoco2.2.2",
            OutputWithLibraryFolder(),
            StringComparison.Ordinal);
    }

    private string OutputWithLibraryFolder()
    {
        (int exitCode, string output) = Programs.RunTest(
            typeof(MjModelTests), nameof(MjModelTests.ModelHasTheSizesAndValuesOfItsXml), ("LD_LIBRARY_PATH", _folder.Path));
        Assert.Equal(1, exitCode);
        return output;
    }

    [LibraryImport("libmujoco.so.2.2.2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void mju_error(string message);
}
