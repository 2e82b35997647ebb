namespace Legato.Tests.StandIn;

/// <summary>Tests that need the machine for themselves: each rig wants most of a core, in real time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RigCollection
{
    public const string Name = "rig";
}
