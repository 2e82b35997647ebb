namespace Legato.Policy.Fingering;

/// <summary>
/// The linear assignment problem: pairs each row with a column of its own at the least total cost, by shortest augmenting paths.
/// </summary>
/// <remarks>
/// O(min² · max) for a rectangular matrix. Sources: Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse
/// linear assignment problems", 1987; Crouse, "On implementing 2D rectangular assignment algorithms", 2016, for rectangular matrices.
/// Of equally cheap assignments the same one comes out every time. Stateless and thread-safe.
/// </remarks>
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
        foreach (double c in cost)
        {
            if (double.IsNaN(c) || double.IsNegativeInfinity(c))
                throw new ArgumentException($"cost {c}: expected a number or +∞.", nameof(cost));
        }
        columnOfRow = new int[rows];
        Array.Fill(columnOfRow, -1);
        // Paths start from the smaller side.
        bool transposed = rows > columns;
        int n = Math.Min(rows, columns);
        var search = new PathSearch(n, Math.Max(rows, columns), transposed ? (i, j) => cost[j, i] : (i, j) => cost[i, j]);
        for (int i = 0; i < n; i++)
        {
            if (!search.Augment(i))
                return false;
        }
        for (int i = 0; i < n; i++)
            (transposed ? ref columnOfRow[search.ColumnOf[i]] : ref columnOfRow[i]) = transposed ? i : search.ColumnOf[i];
        return true;
    }

    /// <summary>Dijkstra's search over reduced costs, which the dual variables keep from being negative.</summary>
    private sealed class PathSearch(int rows, int columns, Func<int, int, double> cost)
    {
        private readonly double[] _u = new double[rows];
        private readonly double[] _v = new double[columns];
        private readonly int[] _rowOf = [.. Enumerable.Repeat(-1, columns)];
        private readonly double[] _distance = new double[columns];
        private readonly int[] _from = new int[columns];
        private readonly bool[] _done = new bool[columns];

        public int[] ColumnOf { get; } = [.. Enumerable.Repeat(-1, rows)];

        /// <summary>Assigns one more row along the shortest path to a free column; false if there is none.</summary>
        public bool Augment(int start)
        {
            Array.Fill(_distance, double.PositiveInfinity);
            Array.Clear(_done);
            double length = 0;
            int row = start, sink;
            do
            {
                sink = Nearest(row, length);
                if (sink < 0)
                    return false;
                length = _distance[sink];
                _done[sink] = true;
                row = _rowOf[sink];
            }
            while (row >= 0);
            Reprice(start, length);
            for (int column = sink; column >= 0;)
            {
                int i = _from[column];
                _rowOf[column] = i;
                (column, ColumnOf[i]) = (ColumnOf[i], column);
            }
            return true;
        }

        // Updates the distances from a row and returns the nearest column not yet done, a free one if there are several.
        private int Nearest(int row, double length)
        {
            int nearest = -1;
            double shortest = double.PositiveInfinity;
            for (int j = 0; j < columns; j++)
            {
                if (_done[j])
                    continue;
                double through = length + cost(row, j) - _u[row] - _v[j];
                if (through < _distance[j])
                    (_distance[j], _from[j]) = (through, row);
                if (_distance[j] < shortest || (_distance[j] == shortest && nearest >= 0 && _rowOf[j] < 0 && _rowOf[nearest] >= 0))
                    (nearest, shortest) = (j, _distance[j]);
            }
            return nearest;
        }

        private void Reprice(int start, double length)
        {
            _u[start] += length;
            for (int j = 0; j < columns; j++)
            {
                if (!_done[j])
                    continue;
                if (_rowOf[j] >= 0)
                    _u[_rowOf[j]] += length - _distance[j];
                _v[j] -= length - _distance[j];
            }
        }
    }
}
