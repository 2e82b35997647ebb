namespace Legato.Tests.Runtime;

/// <summary>Where the repository is: the tests run from its build folder.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder)
    {
        while (!File.Exists(Path.Combine(folder, "Robot.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("the tests do not lie inside the repository");
        return folder;
    }
}
