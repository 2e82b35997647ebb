using System.Text.Json;

using Legato.SystemId.Checks;

namespace Legato.Runtime.Calibration;

/// <summary>A run that a check covers.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="Folder">Full path of its folder when it was checked.</param>
/// <param name="Sha256">Hash of its recording.</param>
/// <param name="LossAccepted">Whether its losses were accepted by name.</param>
public sealed record CheckedRun(string Name, string Folder, string Sha256, bool LossAccepted);

/// <summary><c>check.json</c> in the folder of a calibration: what the check of its runs said. Without one there is no fit.</summary>
/// <param name="Time">When it was checked, UTC.</param>
/// <param name="Passed">Whether the runs may be fitted.</param>
/// <param name="PriorHash">Hash of the parameters around which identifiability was judged.</param>
/// <param name="Runs">The runs that it covers, by their content.</param>
/// <param name="Findings">Everything found, errors first.</param>
/// <param name="Outlook">Which parameters the runs determine; null where errors forbade to ask.</param>
public sealed record CheckFile(DateTimeOffset Time, bool Passed, string PriorHash, IReadOnlyList<CheckedRun> Runs, IReadOnlyList<Finding> Findings, Identifiability? Outlook)
{
    private const string FileName = "check.json";

    /// <summary>Where it lies in the folder of a calibration.</summary>
    public static string PathIn(string calibration) => Path.Combine(calibration, FileName);

    /// <summary>Writes it, in one step.</summary>
    /// <param name="calibration">Folder of the calibration; made where there is none.</param>
    /// <exception cref="InputException">The disk refuses.</exception>
    public void Save(string calibration) => CalibrationFiles.Write(PathIn(calibration), JsonSerializer.Serialize(this, CalibrationFiles.Json) + "\n");

    /// <summary>Reads it.</summary>
    /// <param name="calibration">Folder of the calibration.</param>
    /// <exception cref="InputException">There is none, or it is damaged.</exception>
    public static CheckFile Load(string calibration) => CalibrationFiles.Read<CheckFile>(PathIn(calibration), "run 'calibrate check <runs>' first");

    /// <summary>Refuses runs that were not checked, were refused, or have changed since.</summary>
    /// <param name="runs">The runs that are about to be fitted.</param>
    /// <exception cref="InputException">Names the first of them and says what to do.</exception>
    public void Require(IEnumerable<RunImport> runs)
    {
        foreach (RunImport run in runs)
        {
            if (Runs.All(r => r.Sha256 != run.Hash))
            {
                bool isChanged = Runs.Any(r => r.Name == run.Recording.Name);
                throw new InputException($"{run.Folder}: {(isChanged ? "its recording has changed since it was checked" : "was not checked")}; run 'calibrate check' on it");
            }
        }
        if (!Passed)
            throw new InputException($"the check refused these runs: {Findings.First(f => f.Severity == Severity.Error).Message}");
    }
}
