namespace Legato;

/// <summary>
/// Something the user handed in cannot be used: a file, a key, a name, a device that never answered.
/// </summary>
/// <remarks>
/// The message is one line: what is wrong, where (file, line or offset), what was expected, what to do.
/// The command line prints it as it is and exits with code 2; no stack trace is shown.
/// </remarks>
public class InputException : Exception
{
    /// <summary>Creates the exception with its one-line message.</summary>
    public InputException(string message) : base(message) { }

    /// <summary>Creates the exception with its one-line message and what caused it.</summary>
    public InputException(string message, Exception innerException) : base(message, innerException) { }
}
