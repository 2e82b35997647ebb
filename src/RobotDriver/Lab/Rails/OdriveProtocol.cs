using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Legato.RobotDriver.Lab;

/// <summary>Lines of the ODrive ASCII protocol, without their end. Stateless; allocates nothing.</summary>
/// <remarks>
/// Source: ODrive's documentation, "ASCII protocol". A checksum, where used, is the exclusive or of all bytes in front of the
/// asterisk, in decimal. Positions are in turns, velocities in turns per second.
/// </remarks>
internal static class OdriveProtocol
{
    /// <summary>Longest line that is written or understood, bytes.</summary>
    public const int MaxLine = 128;

    /// <summary>State of an axis that follows set-points.</summary>
    public const int ClosedLoopControl = 8;

    /// <summary>Writes <c>t axis turns</c>: go there along a trapezoidal velocity profile.</summary>
    /// <returns>Length of the line.</returns>
    public static int FormatTrajectory(Span<byte> line, int axis, double turns, bool checksum)
    {
        "t "u8.CopyTo(line);
        line[2] = (byte)('0' + axis);
        line[3] = (byte)' ';
        // 10 µturn is far below what any encoder resolves.
        turns.TryFormat(line[4..], out int length, "F5", CultureInfo.InvariantCulture);
        return Seal(line, 4 + length, checksum);
    }

    /// <summary>Writes <c>f axis</c>: tell position and velocity.</summary>
    /// <returns>Length of the line.</returns>
    public static int FormatFeedback(Span<byte> line, int axis, bool checksum)
    {
        "f "u8.CopyTo(line);
        line[2] = (byte)('0' + axis);
        return Seal(line, 3, checksum);
    }

    /// <summary>Writes any other command.</summary>
    /// <returns>Length of the line.</returns>
    public static int FormatText(Span<byte> line, string command, bool checksum) => Seal(line, Encoding.ASCII.GetBytes(command, line), checksum);

    /// <summary>Reads the answer to <c>f</c>. False if it is none, or not finite.</summary>
    public static bool TryParseFeedback(ReadOnlySpan<byte> line, bool checksum, out double turns, out double turnsPerSecond)
    {
        turnsPerSecond = turns = 0;
        if (!TryUnseal(ref line, checksum) || !Utf8Parser.TryParse(line, out turns, out int first) || first >= line.Length || line[first] != ' ')
            return false;
        ReadOnlySpan<byte> rest = line[(first + 1)..].TrimStart((byte)' ');
        return Utf8Parser.TryParse(rest, out turnsPerSecond, out int second) && second == rest.Length
            && double.IsFinite(turns) && double.IsFinite(turnsPerSecond);
    }

    /// <summary>Reads the answer to <c>r</c> about a whole number, decimal or hexadecimal (<c>0x…</c>).</summary>
    public static bool TryParseInteger(ReadOnlySpan<byte> line, bool checksum, out long value)
    {
        value = 0;
        if (!TryUnseal(ref line, checksum))
            return false;
        return line.StartsWith("0x"u8)
            ? long.TryParse(line[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : long.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Reads the answer to <c>r</c> about any number; the answer to <c>f</c> is none.</summary>
    public static bool TryParseNumber(ReadOnlySpan<byte> line, bool checksum, out double value)
    {
        value = 0;
        return TryUnseal(ref line, checksum) && Utf8Parser.TryParse(line, out value, out int length) && length == line.Length && double.IsFinite(value);
    }

    private static int Seal(Span<byte> line, int length, bool checksum)
    {
        if (!checksum)
            return length;
        byte sum = Sum(line[..length]);
        line[length++] = (byte)'*';
        sum.TryFormat(line[length..], out int digits, default, CultureInfo.InvariantCulture);
        return length + digits;
    }

    // Trims what some terminals add, and checks and removes the checksum.
    private static bool TryUnseal(ref ReadOnlySpan<byte> line, bool checksum)
    {
        line = line.Trim(" \r"u8);
        if (!checksum)
            return true;
        int star = line.LastIndexOf((byte)'*');
        if (star < 0 || !byte.TryParse(line[(star + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out byte sum) || sum != Sum(line[..star]))
            return false;
        line = line[..star].Trim((byte)' ');
        return true;
    }

    private static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte each in bytes)
            sum ^= each;
        return sum;
    }
}
