using System.Globalization;
using System.Text.Json.Nodes;

using Legato.Runtime.Recording;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Runtime.Experiments;

/// <summary>The scene that a run was made with, from its folder.</summary>
public static class RunScene
{
    /// <summary>Builds it.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="parametersFile">Parameters to use instead of the run's own.</param>
    /// <exception cref="InputException">The folder does not say, or a file is wrong.</exception>
    public static PianoScene Of(RunFolder folder, string? parametersFile)
    {
        using PianoScene nominal = PianoScene.Build(OptionsOf(folder));
        return nominal.With(ParametersOf(folder, parametersFile));
    }

    /// <summary>The simulator's parameters of a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="parametersFile">Parameters to use instead of the run's own.</param>
    /// <exception cref="InputException">A file is wrong.</exception>
    public static SimParameters ParametersOf(RunFolder folder, string? parametersFile) =>
        (parametersFile ?? OwnParameters(folder)) is { } file ? SimParameters.Load(file) : SimParameters.Nominal;

    /// <summary>What the scene was built from, parameters aside.</summary>
    /// <exception cref="InputException">The folder does not say.</exception>
    public static SceneOptions OptionsOf(RunFolder folder)
    {
        JsonObject settings = Settings(folder);
        return new SceneOptions
        {
            Preset = Word<ScenePreset>("preset"),
            ActionSpace = Word<ActionSpace>("action_space"),
            Embodiment = Word<Embodiment>("embodiment"),
            Timestep = double.TryParse((string?)settings["timestep"], CultureInfo.InvariantCulture, out double step) ? step : throw Wrong("timestep"),
        };

        T Word<T>(string key)
            where T : struct, Enum => Enum.TryParse((string?)settings[key], out T value) ? value : throw Wrong(key);
        InputException Wrong(string key) => new($"{folder.FolderPath}: run.json has no usable settings.{key}; it was written by another version");
    }

    /// <summary>True if the run was simulated from the world's start by the plain simulator, so that it can be repeated bit for bit.</summary>
    public static bool IsSimulated(RunFolder folder) => (string?)Settings(folder)["kind"] == "sim" && (string?)Settings(folder)["reality"] is null or "none";

    private static JsonObject Settings(RunFolder folder) => folder.Summary["settings"]?.AsObject()
        ?? throw new InputException($"{folder.FolderPath}: run.json has no settings; it was written by another version");

    private static string? OwnParameters(RunFolder folder)
    {
        string directory = Path.Combine(folder.ConfigPath, "params");
        return Directory.Exists(directory) ? Directory.EnumerateFiles(directory, "*.yaml").Order(StringComparer.Ordinal).FirstOrDefault() : null;
    }
}
