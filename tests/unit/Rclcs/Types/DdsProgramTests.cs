using System.Diagnostics;
using System.Globalization;
using Rclcs;
using Rclcs.Messages.DiagnosticMsgs;
using Rclcs.Messages.RclInterfaces;
using Rclcs.Messages.RmwDdsCommon;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.StdMsgs;
using Rclcs.Messages.TrajectoryMsgs;

namespace Legato.Tests.Rclcs.Types;

/// <summary>Cyclone's own compiler is the judge: same words, sizes and counts from a hand-written IDL file.</summary>
public sealed class DdsProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rclcs-idlc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void EveryTypeCompilesToTheWordsOfCyclonesOwnCompiler()
    {
        TypeDescriptor[] types =
        [
            Header.Descriptor, Bool.Descriptor, Float64.Descriptor, global::Rclcs.Messages.StdMsgs.String.Descriptor,
            MultiArrayDimension.Descriptor, MultiArrayLayout.Descriptor, Float64MultiArray.Descriptor, JointState.Descriptor,
            JointTrajectoryPoint.Descriptor, JointTrajectory.Descriptor, KeyValue.Descriptor, DiagnosticStatus.Descriptor,
            DiagnosticArray.Descriptor, Log.Descriptor, HumbleGid.Descriptor, NodeEntitiesInfo<HumbleGid>.Descriptor,
            ParticipantEntitiesInfo<HumbleGid>.Descriptor,
        ];
        CompareWithIdlc(types, Idl(), HumbleGid.Size);
    }

    [Fact]
    public void JazzysTypesCompileToTheWordsOfCyclonesOwnCompiler() => CompareWithIdlc(
        [JazzyGid.Descriptor, NodeEntitiesInfo<JazzyGid>.Descriptor, ParticipantEntitiesInfo<JazzyGid>.Descriptor], Idl(), JazzyGid.Size);

    [Fact]
    public void FormsThatNoMessageOfOursHasCompileToo()
    {
        const string Idl = """
            module pkg { module msg { module dds_ {
              @final struct Inner_ { octet a; double b; short c; };
              @final struct Outer_ {
                pkg::msg::dds_::Inner_ one; octet gap; pkg::msg::dds_::Inner_ some[3]; sequence<pkg::msg::dds_::Inner_> many;
                string texts[2]; float f[5]; sequence<boolean> flags; long long i; unsigned short u; unsigned long long v; int8 w;
              };
            }; }; };

            """;
        var inner = new TypeDescriptor("pkg/msg/Inner", "byte a\nfloat64 b\nint16 c");
        var outer = new TypeDescriptor(
            "pkg/msg/Outer",
            "Inner one\nbyte gap\nInner[3] some\nInner[] many\nstring[2] texts\nfloat32[5] f\nbool[] flags\nint64 i\nuint16 u\nuint64 v\nint8 w",
            inner);
        CompareWithIdlc([inner, outer], Idl, 1);
    }

    private void CompareWithIdlc(IReadOnlyList<TypeDescriptor> types, string idl, int gidSize)
    {
        File.WriteAllText(Path.Combine(_folder, "types.idl"), idl);
        Run("idlc", "-t", "-D", $"GID_SIZE={gidSize}", "types.idl");
        File.WriteAllText(Path.Combine(_folder, "main.c"), PrintingProgram(types));
        Run("gcc", "-O0", "main.c", "-o", "main", "-lddsc");
        string[] lines = Run(Path.Combine(_folder, "main")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(types.Select(Line), lines);
    }

    private static string Line(TypeDescriptor type) => string.Create(
        CultureInfo.InvariantCulture,
        $"{type.DdsName} {type.Size} {type.Alignment} {type.OpCount} {string.Join(' ', type.Ops.ToArray().Select(word => word.ToString("x8", CultureInfo.InvariantCulture)))}");

    private static string PrintingProgram(IEnumerable<TypeDescriptor> types) => $$"""
        #include <stdio.h>
        #include "types.c"
        static void show(const dds_topic_descriptor_t *d, const uint32_t *ops, size_t n) {
          printf("%s %u %u %u", d->m_typename, d->m_size, d->m_align, d->m_nops);
          for (size_t i = 0; i < n; i++) printf(" %08x", ops[i]);
          printf("\n");
        }
        #define SHOW(t) show(&t##_desc, t##_ops, sizeof t##_ops / 4)
        int main(void) {
        {{string.Join('\n', types.Select(type => $"  SHOW({type.DdsName.Replace("::", "_", StringComparison.Ordinal)});"))}}
          return 0;
        }
        """;

    private static string Idl()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Robot.sln")))
            folder = folder.Parent;
        Assert.NotNull(folder);
        return File.ReadAllText(Path.Combine(folder.FullName, "tests", "hil", "Rclcs", "peer", "ros_messages.idl"));
    }

    private string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}");
        return output;
    }
}
