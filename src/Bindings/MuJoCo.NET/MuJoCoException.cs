namespace MuJoCo;

/// <summary>
/// MuJoCo cannot do what was asked: its library is missing or of another version, a model does not compile,
/// no off-screen OpenGL context can be made. The message is one line and carries MuJoCo's own words.
/// </summary>
public sealed class MuJoCoException : Exception
{
    /// <summary>Creates the exception with its one-line message.</summary>
    public MuJoCoException(string message) : base(message) { }

    /// <summary>Creates the exception with its one-line message and what caused it.</summary>
    public MuJoCoException(string message, Exception innerException) : base(message, innerException) { }
}
