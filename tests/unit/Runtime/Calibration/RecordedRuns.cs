using System.Text.Json.Nodes;

using Legato.RobotDriver;
using Legato.Runtime.Experiments;
using Legato.Runtime.Loop;
using Legato.Runtime.Recording;
using Legato.Runtime.Safety;
using Legato.SystemId.Checks;

namespace Legato.Tests.Runtime.Calibration;

/// <summary>Writes run folders as the control loop's recorder does.</summary>
internal static class RecordedRuns
{
    /// <summary>The robot's monotonic clock at time 0 of a recording, ns.</summary>
    public const long Start = 5_000_000_000;

    /// <summary>Writes one.</summary>
    /// <param name="root">Where run folders lie.</param>
    /// <param name="name">Name of the song.</param>
    /// <param name="recording">Commands and joints. A cycle whose state is missing there saw none.</param>
    /// <param name="keys">Key events, in seconds of the recording.</param>
    /// <param name="lost">Lost messages that the summary states.</param>
    /// <returns>The folder.</returns>
    public static string Write(string root, string name, RawRecording recording, IReadOnlyList<(double Time, byte Key, bool Down)>? keys = null, long lost = 0)
    {
        RunFolder folder = RunFolder.Create(root, name, TimeProvider.System, []);
        var clock = new LogClock(1_700_000_000_000_000_000, 100);
        using (Recorder recorder = Recorder.Create(folder.RecordingPath, clock, TimeProvider.System))
        {
            var observer = new RunRecorder(recorder, clock, recording.Joints, recording.Actuators);
            recorder.Start();
            var state = new RobotState(recording.Joints);
            for (int c = 0; c < recording.CommandTimes.Length; c++)
            {
                int seen = Array.IndexOf(recording.ReadTimes, recording.CommandTimes[c]);
                if (seen >= 0)
                {
                    recording.Measured[seen].CopyTo(state.Positions, 0);
                    state.Stamp = Nanoseconds(recording.MeasuredTimes[seen]);
                }
                observer.OnCycle(new CycleRecord
                {
                    Cycle = c,
                    Step = c,
                    State = RunState.Playing,
                    Deadline = Nanoseconds(recording.CommandTimes[c] - recording.Lateness[c]),
                    Woke = Nanoseconds(recording.CommandTimes[c]),
                    Fresh = seen >= 0,
                    Measured = state,
                    Target = recording.Targets[c],
                    Sent = recording.Targets[c],
                    Reasons = new GuardReasons[recording.Actuators.Count],
                    Pedal = 0,
                });
            }
            foreach ((double time, byte key, bool down) in keys ?? [])
                observer.OnKey(new KeyEvent(key, down, 64, Nanoseconds(time)));
            recorder.Complete();
        }
        folder.WriteSummary(RunFolderState.Complete, new JsonObject
        {
            ["robot"] = "rig",
            ["settings"] = new JsonObject { ["kind"] = "lab", ["preset"] = "RoboPianist", ["action_space"] = "Full", ["embodiment"] = "FiveFingers", ["timestep"] = "0.005" },
            ["lost"] = new JsonObject { ["/joint_states"] = lost, ["/legato/keys"] = 0 },
            ["quality"] = recording.Grade,
            ["quality_reason"] = recording.GradeReason,
        });
        return folder.FolderPath;
    }

    private static long Nanoseconds(double seconds) => Start + (long)Math.Round(seconds * 1e9);
}
