using Legato.Runtime.Experiments;
using Legato.Sim.Parameters;

namespace Legato.Runtime.Calibration;

/// <summary>Parameters that are current for a robot.</summary>
/// <param name="Robot">Name of the robot.</param>
/// <param name="File">The parameter file; null for nominal parameters.</param>
/// <param name="Entry">The ledger's line that made them current; null if nothing was ever promoted.</param>
public sealed record CurrentParameters(string Robot, string? File, LedgerEntry? Entry)
{
    /// <summary>The parameters.</summary>
    /// <exception cref="InputException">The file is wrong.</exception>
    public SimParameters Load() => File is null ? SimParameters.Nominal : SimParameters.Load(File);
}

/// <summary>Which parameters are current for which robot.</summary>
/// <remarks>
/// The ledger alone decides: parameter files lie beside it under the hash of their content and never change, so that
/// there is no second place that could disagree after a crash. Safe for several processes.
/// </remarks>
/// <param name="root">Folder of all calibrations.</param>
/// <param name="time">Dates the entries.</param>
public sealed class ParameterStore(string root, TimeProvider time)
{
    /// <summary>The parameter file in the folder of a calibration, as a fit leaves it.</summary>
    public const string ParametersFile = "params.yaml";

    /// <summary>Value of <c>--params</c> that means the current ones.</summary>
    public const string CurrentWord = "current";

    /// <summary>The ledger.</summary>
    public Ledger Ledger { get; } = new(Path.Combine(root, "ledger.jsonl"));

    /// <summary>The folder of a calibration, by path or by its name among all calibrations.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public string Find(string calibration)
    {
        string named = Path.Combine(root, calibration);
        return Directory.Exists(named) ? named : Directory.Exists(calibration) ? Path.GetFullPath(calibration)
            : throw new InputException($"{calibration}: no such calibration in {root}, and no such folder");
    }

    /// <summary>What is current for a robot.</summary>
    /// <exception cref="InputException">The ledger is damaged, or the parameter file is not the one that was promoted.</exception>
    public CurrentParameters Current(string robot) => Of(robot, Stack(Ledger.Read(), robot));

    /// <summary>Makes the parameters of a calibration current.</summary>
    /// <param name="calibration">Its folder, with parameters and the evidence of a validation.</param>
    /// <param name="robot">Name of the robot.</param>
    /// <param name="force">Why it is to be done without that evidence; null to insist on it.</param>
    /// <exception cref="InputException">There are no parameters; or the evidence is missing, for others, against others than the current ones, or not good enough.</exception>
    public LedgerEntry Promote(string calibration, string robot, string? force = null)
    {
        string file = Path.Combine(calibration, ParametersFile);
        var parameters = SimParameters.Load(file);
        string hash = Provenance.HashOf(file);
        return Ledger.Append(entries =>
        {
            CurrentParameters current = Of(robot, Stack(entries, robot));
            bool hasEvidence = File.Exists(ValidationEvidence.PathIn(calibration));
            ValidationEvidence? evidence = force is null || hasEvidence ? ValidationEvidence.Load(calibration) : null;
            if (force is null)
                RequireBetter(evidence!, calibration, parameters, current);
            Keep(file, hash);
            return new LedgerEntry(time.GetUtcNow(), LedgerAction.Promote, robot, NameOf(calibration), hash, evidence?.HoldOut, EvidenceOf(calibration), force);
        });
    }

    /// <summary>Goes back to what was current before the last promotion that still holds.</summary>
    /// <param name="robot">Name of the robot.</param>
    /// <param name="reason">Why, in a person's words; may be null.</param>
    /// <exception cref="InputException">Nothing is promoted, or the ledger is damaged.</exception>
    public LedgerEntry RollBack(string robot, string? reason = null) => Ledger.Append(entries =>
    {
        Stack<LedgerEntry> stack = Stack(entries, robot);
        if (!stack.TryPop(out _))
            throw new InputException($"nothing is promoted for '{robot}': its parameters are nominal already");
        _ = Of(robot, stack);
        LedgerEntry? before = stack.TryPeek(out LedgerEntry? entry) ? entry : null;
        return new LedgerEntry(time.GetUtcNow(), LedgerAction.Rollback, robot, before?.Calibration, before?.Parameters, before?.HoldOut, [], reason);
    });

    private static void RequireBetter(ValidationEvidence evidence, string calibration, SimParameters parameters, CurrentParameters current)
    {
        string file = ValidationEvidence.PathIn(calibration);
        if (evidence.Parameters != parameters.Hash)
            throw new InputException($"{file}: is about other parameters than {ParametersFile} beside it; run 'calibrate validate' again");
        if (evidence.Baseline != current.Load().Hash)
            throw new InputException($"{file}: compares with parameters that are not current for '{current.Robot}'; run 'calibrate validate' again");
        if (!evidence.HoldOut.IsBetter)
            throw new InputException(FormattableString.Invariant($"{file}: not better than the current parameters on {evidence.HoldOut.Motions} hold-out motions: error {evidence.HoldOut.Before:G4} before, {evidence.HoldOut.After:G4} after, gain {evidence.HoldOut.GainLow:G3}..{evidence.HoldOut.GainHigh:G3}; record more data, or give a reason with --force"));
    }

    // Promotions that hold, the current one on top.
    private static Stack<LedgerEntry> Stack(IReadOnlyList<LedgerEntry> entries, string robot)
    {
        var stack = new Stack<LedgerEntry>();
        foreach (LedgerEntry entry in entries.Where(e => e.Robot == robot))
        {
            if (entry.Action == LedgerAction.Promote)
                stack.Push(entry);
            else if (entry.Action == LedgerAction.Rollback)
                stack.Pop();
        }
        return stack;
    }

    private CurrentParameters Of(string robot, Stack<LedgerEntry> stack)
    {
        if (!stack.TryPeek(out LedgerEntry? entry))
            return new CurrentParameters(robot, null, null);
        string file = Kept(entry.Parameters!);
        return File.Exists(file) && Provenance.HashOf(file) == entry.Parameters
            ? new CurrentParameters(robot, file, entry)
            : throw new InputException($"{file}: is missing or was changed since it was promoted; put it back from a copy, or promote another calibration after 'calibrate rollback'");
    }

    private void Keep(string file, string hash)
    {
        string kept = Kept(hash);
        if (!File.Exists(kept) || Provenance.HashOf(kept) != hash)
            CalibrationFiles.Write(kept, File.ReadAllText(file));
        if (FitSession.FiguresOf(file) is { } figures)
            CalibrationFiles.Write(Path.ChangeExtension(kept, FitSession.FitFile), File.ReadAllText(figures));
    }

    // The folder's name is what runs keep copies of parameter files under.
    private string Kept(string hash) => Path.Combine(root, "params", $"{hash}.yaml");

    private static IReadOnlyList<EvidenceFile> EvidenceOf(string calibration) =>
        [.. ((string[])[CheckFile.PathIn(calibration), ValidationEvidence.PathIn(calibration)]).Where(File.Exists).Select(f => new EvidenceFile(Path.GetFullPath(f), Provenance.HashOf(f)))];

    private static string NameOf(string calibration) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(calibration)));
}
