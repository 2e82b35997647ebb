using System.Buffers;
using System.Buffers.Text;

namespace Legato.RobotDriver.StandIn;

/// <summary>A motor controller that answers lines of the ODrive ASCII protocol.</summary>
/// <remarks>
/// Commands: <c>t</c>, <c>q</c> (set-points), <c>f</c> (feedback), <c>r</c>, <c>w</c> (properties), <c>sc</c> (clear errors).
/// A line may end in <c>*</c> and the XOR of the bytes before it, in decimal; its answer then does, too, and a line whose
/// sum is wrong is dropped. The axes start in closed loop, as a controller with <c>startup_closed_loop_control</c> does.
/// Source: ODrive firmware 0.5, ASCII protocol. One thread at a time; answering allocates nothing.
/// </remarks>
public sealed class OdriveServer(IReadOnlyList<IOdriveAxis> axes)
{
    /// <summary>Bytes that an answer can have.</summary>
    public const int LongestAnswer = 96;

    private const int Idle = 1, ClosedLoop = 8;
    private const double BusVoltage = 24;

    private readonly bool[] _hasError = new bool[axes.Count];

    /// <summary>Lines that were no command, had a wrong sum or a wrong argument.</summary>
    public int Refused { get; private set; }

    /// <summary>Carries out a line.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="answer">Receives the answer with its end, if there is one.</param>
    /// <returns>Length of the answer.</returns>
    public int Answer(ReadOnlySpan<byte> line, Span<byte> answer)
    {
        int comment = line.IndexOf((byte)';');
        if (comment >= 0)
            line = line[..comment];
        int star = line.LastIndexOf((byte)'*');
        if (star >= 0)
        {
            if (!Utf8Parser.TryParse(line[(star + 1)..].Trim(" \r"u8), out byte sum, out _) || sum != Sum(line[..star]))
            {
                Refused++;
                return 0;
            }
            line = line[..star];
        }
        line = line.Trim(" \t\r"u8);
        if (line.IsEmpty)
            return 0;

        var words = new Words(line);
        var reply = new Reply(answer);
        Execute(ref words, ref reply);
        return reply.Length == 0 ? 0 : reply.End(star >= 0);
    }

    private static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte b in bytes)
            sum ^= b;
        return sum;
    }

    private void Execute(ref Words words, ref Reply reply)
    {
        ReadOnlySpan<byte> command = words.Next();
        if (command.SequenceEqual("f"u8))
            Feedback(ref words, ref reply);
        else if (command.SequenceEqual("t"u8) || command.SequenceEqual("q"u8))
            Move(ref words, ref reply, hasSpeed: command[0] == 'q');
        else if (command.SequenceEqual("r"u8))
            Read(words.Next(), ref reply);
        else if (command.SequenceEqual("w"u8))
            Write(words.Next(), ref words, ref reply);
        else if (command.SequenceEqual("sc"u8))
            Array.Clear(_hasError);
        else
            Refuse(ref reply, "unknown command"u8);
    }

    private void Feedback(ref Words words, ref Reply reply)
    {
        if (!TryAxis(ref words, ref reply, out int axis))
            return;
        (double position, double velocity) = axes[axis].Estimate;
        reply.Number(position);
        reply.Text(" "u8);
        reply.Number(velocity);
    }

    private void Move(ref Words words, ref Reply reply, bool hasSpeed)
    {
        if (!TryAxis(ref words, ref reply, out int axis))
            return;
        if (!words.TryNumber(out double turns))
        {
            Refuse(ref reply, "invalid command format"u8);
            return;
        }
        double speed = hasSpeed && words.TryNumber(out double limit) ? Math.Max(limit, 0) : double.PositiveInfinity;
        // A motor that is not in closed loop keeps the set-point to itself.
        if (axes[axis].IsEnabled)
            axes[axis].MoveTo(turns, speed);
    }

    private void Read(ReadOnlySpan<byte> property, ref Reply reply)
    {
        if (property.SequenceEqual("vbus_voltage"u8))
            reply.Number(BusVoltage);
        else if (TryProperty(property, out int axis, out ReadOnlySpan<byte> name) && name.SequenceEqual("error"u8))
            reply.Integer(_hasError[axis] ? 1 : 0);
        else if (TryProperty(property, out axis, out name) && name.SequenceEqual("current_state"u8))
            reply.Integer(axes[axis].IsEnabled ? ClosedLoop : Idle);
        else if (TryProperty(property, out axis, out name) && name.SequenceEqual("requested_state"u8))
            reply.Integer(0); // reads as "undefined" once it has been carried out
        else
            Refuse(ref reply, "invalid property"u8);
    }

    private void Write(ReadOnlySpan<byte> property, ref Words words, ref Reply reply)
    {
        bool isNumber = words.TryNumber(out double value);
        if (!TryProperty(property, out int axis, out ReadOnlySpan<byte> name))
            Refuse(ref reply, "invalid property"u8);
        else if (!isNumber)
            Refuse(ref reply, "invalid command format"u8);
        else if (name.SequenceEqual("requested_state"u8))
            Request(axis, (int)value);
        else if (name.SequenceEqual("error"u8) && value == 0)
            _hasError[axis] = false;
        else
            Refuse(ref reply, "invalid property"u8);
    }

    // States other than these two are calibrations, which this motor refuses as a real one in operation does: with an error.
    private void Request(int axis, int state)
    {
        _hasError[axis] |= state is not (Idle or ClosedLoop);
        axes[axis].IsEnabled = state == ClosedLoop;
    }

    private bool TryAxis(ref Words words, ref Reply reply, out int axis)
    {
        ReadOnlySpan<byte> word = words.Next();
        if (Utf8Parser.TryParse(word, out axis, out int used) && used == word.Length && (uint)axis < (uint)axes.Count)
            return true;
        Refuse(ref reply, word.IsEmpty ? "invalid command format"u8 : "invalid motor"u8);
        return false;
    }

    private bool TryProperty(ReadOnlySpan<byte> property, out int axis, out ReadOnlySpan<byte> name)
    {
        axis = 0;
        name = default;
        int dot = property.IndexOf((byte)'.');
        if (dot < 5 || !property.StartsWith("axis"u8) || !Utf8Parser.TryParse(property[4..dot], out axis, out _) || (uint)axis >= (uint)axes.Count)
            return false;
        name = property[(dot + 1)..];
        return true;
    }

    private void Refuse(ref Reply reply, ReadOnlySpan<byte> text)
    {
        Refused++;
        reply.Text(text);
    }

    private ref struct Words(ReadOnlySpan<byte> line)
    {
        private ReadOnlySpan<byte> _rest = line;

        public ReadOnlySpan<byte> Next()
        {
            _rest = _rest.TrimStart((byte)' ');
            int end = _rest.IndexOf((byte)' ');
            ReadOnlySpan<byte> word = end < 0 ? _rest : _rest[..end];
            _rest = _rest[word.Length..];
            return word;
        }

        public bool TryNumber(out double value)
        {
            ReadOnlySpan<byte> word = Next();
            return Utf8Parser.TryParse(word, out value, out int used) && used == word.Length && double.IsFinite(value);
        }
    }

    private ref struct Reply(Span<byte> buffer)
    {
        private readonly Span<byte> _buffer = buffer;

        public int Length { get; private set; }

        public void Text(ReadOnlySpan<byte> text)
        {
            text.CopyTo(_buffer[Length..]);
            Length += text.Length;
        }

        public void Number(double value)
        {
            Utf8Formatter.TryFormat(value, _buffer[Length..], out int written, new StandardFormat('F', 6));
            Length += written;
        }

        public void Integer(int value)
        {
            Utf8Formatter.TryFormat(value, _buffer[Length..], out int written);
            Length += written;
        }

        public int End(bool withSum)
        {
            if (withSum)
            {
                byte sum = Sum(_buffer[..Length]);
                Text("*"u8);
                Integer(sum);
            }
            Text("\n"u8);
            return Length;
        }
    }
}
