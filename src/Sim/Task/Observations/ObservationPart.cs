using Legato.Sim.Scene;

namespace Legato.Sim.Tasks.Observations;

/// <summary>One named part of what a policy observes.</summary>
/// <remarks>Immutable and thread-safe; writing allocates nothing.</remarks>
public sealed class ObservationPart
{
    private readonly Writer _write;

    internal ObservationPart(string name, int size, Writer write) => (Name, Size, _write) = (name, size, write);

    internal delegate void Writer(TaskState state, Span<float> values);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Number of elements.</summary>
    public int Size { get; }

    /// <summary>Writes what is observed before the step that <see cref="TaskState.Step"/> names.</summary>
    /// <param name="state">The state.</param>
    /// <param name="values"><see cref="Size"/> elements; all are written.</param>
    public void Write(TaskState state, Span<float> values) => _write(state, values);
}

/// <summary>What observations are made from.</summary>
/// <param name="Scene">Order of joints, actuators and fingers.</param>
/// <param name="Song">What is to be played.</param>
/// <param name="Actions">Ranges of the actions.</param>
/// <param name="Lookahead">Control steps that the goal looks ahead, 0 or more.</param>
/// <param name="Prior">The plan, if there is one.</param>
/// <param name="DemoTips">The demonstration's fingertips, if there are any.</param>
public sealed record ObservationContext(PianoScene Scene, TaskSong Song, ActionMap Actions, int Lookahead, PriorTable? Prior, TipTable? DemoTips);
