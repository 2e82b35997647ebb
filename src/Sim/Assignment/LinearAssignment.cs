using System.Runtime.InteropServices;

namespace Legato.Sim.Assignment;

/// <summary>The linear assignment problem: pairs each row with a column of its own at the least total cost.</summary>
/// <remarks>Stateless and thread-safe. <see cref="AssignmentSolver"/> says how, and solves many problems without allocating.</remarks>
public static class LinearAssignment
{
    /// <summary>Solves. All of the smaller of rows and columns are assigned.</summary>
    /// <param name="cost">Cost of each pair; +∞ forbids it. Negative costs are allowed.</param>
    /// <param name="columnOfRow">The column of each row, or −1 for rows that are left over because there are fewer columns.</param>
    /// <returns>False if the forbidden pairs leave no complete assignment; the columns are then all −1.</returns>
    /// <exception cref="ArgumentException">A cost is NaN or −∞.</exception>
    public static bool TrySolve(double[,] cost, out int[] columnOfRow)
    {
        int rows = cost.GetLength(0), columns = cost.GetLength(1);
        columnOfRow = new int[rows];
        ReadOnlySpan<double> flat = cost.Length == 0 ? [] : MemoryMarshal.CreateReadOnlySpan(ref cost[0, 0], cost.Length);
        return new AssignmentSolver(rows, columns).TrySolve(flat, rows, columns, columnOfRow);
    }
}
