namespace Legato.Runtime.Recording.Mcap;

/// <summary>A recording contradicts itself: a checksum, a length or a reference is wrong.</summary>
public sealed class CorruptRecordingException(string file, long offset, string problem)
    : InputException($"{file}, byte {offset}: {problem}. The file was damaged after it was written; use a copy, or salvage the rest.")
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>The record or field that is wrong, bytes from the start of the file.</summary>
    public long Offset { get; } = offset;
}
