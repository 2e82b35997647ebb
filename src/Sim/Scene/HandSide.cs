namespace Legato.Sim.Scene;

/// <summary>Right or left hand.</summary>
public enum HandSide
{
    /// <summary>Right hand, prefix <c>rh_</c>.</summary>
    Right,

    /// <summary>Left hand, prefix <c>lh_</c>.</summary>
    Left,
}

/// <summary>What follows from the side of a hand.</summary>
public static class HandSides
{
    /// <summary>How the names of a hand's joints and actuators begin: <c>rh_</c> or <c>lh_</c>.</summary>
    public static string Prefix(this HandSide side) => side == HandSide.Right ? "rh_" : "lh_";

    /// <summary>Where a hand's root is along the keyboard when its carriage is at zero, m (RoboPianist's forearms).</summary>
    public static double RootY(this HandSide side) => side == HandSide.Right ? 0.15 : -0.15;
}
