using Legato.RobotDriver.StandIn;

namespace Legato.Tests.StandIn;

public sealed class StandInControlTests
{
    [Fact]
    public void EveryLineIsAnsweredByOne()
    {
        var set = new List<bool>();
        var control = new StandInControl([new StandInFault("half_lines", "", set.Add)], () => [27, 51]);
        var output = new StringWriter();
        control.Serve(new StringReader("keys\n\nhalf_lines on\nhalf_lines off\nhalf_lines\nno_such on\n"), output);
        Assert.Equal(
            [
                """{"keys":[27,51]}""",
                """{"done":"half_lines on"}""",
                """{"done":"half_lines off"}""",
                """{"error":"\u0027half_lines\u0027 is none of keys, half_lines on|off"}""",
                """{"error":"\u0027no_such on\u0027 is none of keys, half_lines on|off"}""",
            ],
            output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal([true, false], set);
    }
}
