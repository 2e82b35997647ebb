using Legato.Policy.Limits;

namespace Legato.Policy.Refinement;

/// <summary>Makes strokes feasible: the nearest changes of a window that the robot's guard lets through.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="feasible">What the guard lets through.</param>
/// <param name="commands">Feasible commands of the whole song, to which strokes are added.</param>
/// <param name="window">The steps that may change.</param>
internal sealed class StrokeLimiter(FeasibleCommands feasible, CommandTable commands, FaultyWindow window)
{
    // So many steps before a stroke, commands may get ready for it.
    private const int Anticipation = 4;

    private readonly int _n = commands.Actuators.Count;

    /// <summary>Confines changes (row-major: step of the window, then actuator) from shortly before a stroke on.</summary>
    /// <param name="changes">What was drawn; receives what is feasible.</param>
    /// <param name="parent">Feasible changes that they were derived from, and that remain where there is no way.</param>
    /// <param name="from">First step in which the two differ.</param>
    /// <returns>First step in which they differ afterwards.</returns>
    public int Confine(Span<double> changes, ReadOnlySpan<double> parent, int from)
    {
        int first = Math.Max(0, from - Anticipation);
        double[] steps = new double[window.Length - first];
        bool railsMove = false;
        for (int a = 0; a < _n; a++)
        {
            bool differs = false;
            for (int t = first; t < window.Length; t++)
            {
                differs |= changes[(t * _n) + a] != parent[(t * _n) + a];
                steps[t - first] = Command(changes, t, a);
            }
            if (!differs)
                continue;
            bool isFeasible = feasible.TryProject(a, Before(changes, first, a), steps, After(a));
            for (int t = first; t < window.Length; t++)
                changes[(t * _n) + a] = isFeasible ? steps[t - first] - commands[window.Start + t][a] : parent[(t * _n) + a];
            railsMove |= a == feasible.Limits.RightRail || a == feasible.Limits.LeftRail;
        }
        if (railsMove && !KeepsApart(changes))
        {
            Restore(changes, parent, feasible.Limits.RightRail);
            Restore(changes, parent, feasible.Limits.LeftRail);
        }
        return first;
    }

    private double[] Before(ReadOnlySpan<double> changes, int first, int actuator) => window.Start + first == 0
        ? []
        : [Command(changes, Math.Max(first - 2, -window.Start), actuator), Command(changes, first - 1, actuator)];

    private double[] After(int actuator) => window.End == commands.Steps
        ? []
        : [commands[window.End][actuator], commands[Math.Min(window.End + 1, commands.Steps - 1)][actuator]];

    private bool KeepsApart(ReadOnlySpan<double> changes)
    {
        // A step on either side: what counts is from one to the next.
        int first = Math.Max(-1, -window.Start), end = Math.Min(window.Length + 1, commands.Steps - window.Start);
        var rows = new CommandTable(commands.Actuators, end - first);
        for (int t = first; t < end; t++)
        {
            for (int a = 0; a < _n; a++)
                rows[t - first][a] = Command(changes, t, a);
        }
        return feasible.KeepsApart(rows);
    }

    private void Restore(Span<double> changes, ReadOnlySpan<double> parent, int actuator)
    {
        for (int i = actuator; i < changes.Length; i += _n)
            changes[i] = parent[i];
    }

    // Command of a step of the window, or beside it.
    private double Command(ReadOnlySpan<double> changes, int step, int actuator) =>
        commands[window.Start + step][actuator] + (step < 0 || step >= window.Length ? 0 : changes[(step * _n) + actuator]);
}
