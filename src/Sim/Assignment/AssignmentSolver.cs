namespace Legato.Sim.Assignment;

/// <summary>Solves linear assignment problems by shortest augmenting paths, in memory that it keeps.</summary>
/// <remarks>
/// O(min² · max) for a rectangular matrix. Sources: Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse
/// linear assignment problems", 1987; Crouse, "On implementing 2D rectangular assignment algorithms", 2016, for rectangular matrices.
/// Of equally cheap assignments the same one comes out every time. One thread at a time. Solving allocates nothing.
/// </remarks>
public sealed class AssignmentSolver
{
    private readonly int _maxRows, _maxColumns;
    private readonly double[] _u, _v, _distance;
    private readonly int[] _rowOf, _columnOf, _from;
    private readonly bool[] _done;

    /// <summary>A solver for problems of up to so many rows and columns.</summary>
    public AssignmentSolver(int maxRows, int maxColumns)
    {
        (_maxRows, _maxColumns) = (maxRows, maxColumns);
        // Paths start from the smaller side, whichever that is.
        int shorter = Math.Min(maxRows, maxColumns), longer = Math.Max(maxRows, maxColumns);
        (_u, _columnOf) = (new double[shorter], new int[shorter]);
        (_v, _distance, _rowOf, _from, _done) = (new double[longer], new double[longer], new int[longer], new int[longer], new bool[longer]);
    }

    /// <summary>Solves. All of the smaller of rows and columns are assigned.</summary>
    /// <param name="cost">Cost of each pair, row-major; +∞ forbids it. Negative costs are allowed.</param>
    /// <param name="rows">Number of rows, 0 or more.</param>
    /// <param name="columns">Number of columns, 0 or more.</param>
    /// <param name="columnOfRow">Receives the column of each row, or −1 for rows that are left over because there are fewer columns.</param>
    /// <returns>False if the forbidden pairs leave no complete assignment; the columns are then all −1.</returns>
    /// <exception cref="ArgumentException">A cost is NaN or −∞, the problem is larger than the solver, or a length does not fit.</exception>
    public bool TrySolve(ReadOnlySpan<double> cost, int rows, int columns, Span<int> columnOfRow)
    {
        if (rows > _maxRows || columns > _maxColumns)
            throw new ArgumentException($"{rows} × {columns}: expected at most {_maxRows} × {_maxColumns}.", nameof(rows));
        if (cost.Length != rows * columns || columnOfRow.Length != rows)
            throw new ArgumentException($"{cost.Length} costs and {columnOfRow.Length} results for {rows} × {columns} pairs.", nameof(cost));
        foreach (double c in cost)
        {
            if (double.IsNaN(c) || double.IsNegativeInfinity(c))
                throw new ArgumentException($"cost {c}: expected a number or +∞.", nameof(cost));
        }
        columnOfRow.Fill(-1);
        bool transposed = rows > columns;
        var matrix = new Matrix(cost, transposed ? 1 : columns, transposed ? columns : 1, Math.Min(rows, columns), Math.Max(rows, columns));
        Clear(matrix);
        for (int i = 0; i < matrix.Rows; i++)
        {
            if (!Augment(matrix, i))
                return false;
        }
        for (int i = 0; i < matrix.Rows; i++)
            (transposed ? ref columnOfRow[_columnOf[i]] : ref columnOfRow[i]) = transposed ? i : _columnOf[i];
        return true;
    }

    private void Clear(Matrix matrix)
    {
        _u.AsSpan(0, matrix.Rows).Clear();
        _v.AsSpan(0, matrix.Columns).Clear();
        _columnOf.AsSpan(0, matrix.Rows).Fill(-1);
        _rowOf.AsSpan(0, matrix.Columns).Fill(-1);
    }

    /// <summary>Assigns one more row along the shortest path to a free column; false if there is none.</summary>
    private bool Augment(Matrix cost, int start)
    {
        _distance.AsSpan(0, cost.Columns).Fill(double.PositiveInfinity);
        _done.AsSpan(0, cost.Columns).Clear();
        double length = 0;
        int row = start, sink;
        do
        {
            sink = Nearest(cost, row, length);
            if (sink < 0)
                return false;
            length = _distance[sink];
            _done[sink] = true;
            row = _rowOf[sink];
        }
        while (row >= 0);
        Reprice(cost.Columns, start, length);
        for (int column = sink; column >= 0;)
        {
            int i = _from[column];
            _rowOf[column] = i;
            (column, _columnOf[i]) = (_columnOf[i], column);
        }
        return true;
    }

    // Dijkstra's step over reduced costs, which the dual variables keep from being negative: updates the distances from a row and
    // returns the nearest column not yet done, a free one if there are several.
    private int Nearest(Matrix cost, int row, double length)
    {
        int nearest = -1;
        double shortest = double.PositiveInfinity;
        for (int j = 0; j < cost.Columns; j++)
        {
            if (_done[j])
                continue;
            double through = length + cost[row, j] - _u[row] - _v[j];
            if (through < _distance[j])
                (_distance[j], _from[j]) = (through, row);
            if (_distance[j] < shortest || (_distance[j] == shortest && nearest >= 0 && _rowOf[j] < 0 && _rowOf[nearest] >= 0))
                (nearest, shortest) = (j, _distance[j]);
        }
        return nearest;
    }

    private void Reprice(int columns, int start, double length)
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

    // The costs, seen so that there are no more rows than columns.
    private readonly ref struct Matrix(ReadOnlySpan<double> values, int rowStride, int columnStride, int rows, int columns)
    {
        private readonly ReadOnlySpan<double> _values = values;

        public int Rows { get; } = rows;

        public int Columns { get; } = columns;

        public double this[int row, int column] => _values[(row * rowStride) + (column * columnStride)];
    }
}
