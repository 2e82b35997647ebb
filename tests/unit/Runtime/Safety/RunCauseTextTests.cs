using Legato.Runtime.Safety;

namespace Legato.Tests.Runtime.Safety;

public class RunCauseTextTests
{
    [Fact]
    public void Every_cause_is_told_in_words_of_its_own()
    {
        string[] told = [.. Enum.GetValues<RunCause>().Select(RunCauseText.Explain)];
        Assert.All(told, text => Assert.Contains(' ', text));
        Assert.Equal(told.Length, told.Distinct().Count());
    }
}
