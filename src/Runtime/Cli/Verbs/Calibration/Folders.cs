namespace Legato.Runtime.Cli.Verbs.Calibration;

/// <summary>Where calibrations lie: a bare name is one among all of them.</summary>
internal static class Folders
{
    /// <summary>The folder that a word on the command line means.</summary>
    public static string Of(CliHost cli, string word) =>
        word.Contains(Path.DirectorySeparatorChar) ? Path.GetFullPath(word) : Path.Combine(cli.Paths.Calibrations, word);

    /// <summary>The same, of a calibration that is there.</summary>
    /// <exception cref="InputException">It is not.</exception>
    public static string Existing(CliHost cli, string word)
    {
        string folder = Of(cli, word);
        return Directory.Exists(folder) ? folder : throw new InputException($"{folder}: there is no such calibration; 'legato calibrate check <runs> --out {word}' begins one");
    }
}
