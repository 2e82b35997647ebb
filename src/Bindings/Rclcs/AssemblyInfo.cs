using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Legato.Tests.Unit")]
[assembly: DisableRuntimeMarshalling]
