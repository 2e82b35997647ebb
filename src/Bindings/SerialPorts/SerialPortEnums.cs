namespace SerialPorts;

/// <summary>The check bit of a character. Values as in System.IO.Ports.</summary>
public enum Parity
{
    /// <summary>No check bit.</summary>
    None = 0,

    /// <summary>The number of set bits is odd.</summary>
    Odd = 1,

    /// <summary>The number of set bits is even.</summary>
    Even = 2,

    /// <summary>Always 1. Refused: drivers ignore it silently.</summary>
    Mark = 3,

    /// <summary>Always 0. Refused: drivers ignore it silently.</summary>
    Space = 4,
}

/// <summary>The stop bits of a character. Values as in System.IO.Ports.</summary>
public enum StopBits
{
    /// <summary>None. Refused.</summary>
    None = 0,

    /// <summary>One bit.</summary>
    One = 1,

    /// <summary>Two bits.</summary>
    Two = 2,

    /// <summary>One and a half. Refused: Linux would send two.</summary>
    OnePointFive = 3,
}

/// <summary>Flow control. Values as in System.IO.Ports.</summary>
public enum Handshake
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>XON and XOFF characters.</summary>
    XOnXOff = 1,

    /// <summary>The RTS and CTS lines.</summary>
    RequestToSend = 2,

    /// <summary>Both.</summary>
    RequestToSendXOnXOff = 3,
}
