using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Legato.Tests.Recording;

/// <summary>The official readers of the format, in JavaScript, in a process of their own.</summary>
internal static class Judge
{
    private static readonly Lazy<string> Folder = new(Install);

    /// <summary>Reads a recording with them.</summary>
    public static JsonObject Read(string recording) =>
        JsonNode.Parse(Run("node", Folder.Value, [Path.Combine(Folder.Value, "judge.mjs"), recording]))!.AsObject();

    // A copy under artifacts, so that the sources stay free of installed packages.
    private static string Install()
    {
        string repository = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(repository, "Robot.sln"))) repository = Path.GetDirectoryName(repository) ?? throw new InvalidOperationException("the tests run outside the repository");
        string source = Path.Combine(repository, "tests", "hil", "Recording", "judge"), folder = Path.Combine(repository, "artifacts", "judge");
        Directory.CreateDirectory(folder);
        string installedLock = Path.Combine(folder, "package-lock.json"), wantedLock = Path.Combine(source, "package-lock.json");
        bool current = Directory.Exists(Path.Combine(folder, "node_modules")) && File.Exists(installedLock) && File.ReadAllText(installedLock) == File.ReadAllText(wantedLock);
        foreach (string file in Directory.EnumerateFiles(source)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        if (!current) Run("npm", folder, ["ci", "--no-audit", "--no-fund"]);
        return folder;
    }

    private static string Run(string program, string folder, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} did not start");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} failed: {errors.Result}");
        return output;
    }
}
