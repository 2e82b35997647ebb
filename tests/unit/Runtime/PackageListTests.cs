using System.Text.RegularExpressions;

namespace Legato.Tests.Runtime;

/// <summary>The launcher's package list: a typo there breaks every first use.</summary>
public partial class PackageListTests
{
    [Fact]
    public void Every_entry_is_a_package_name_with_well_formed_alternatives()
    {
        var sections = new Dictionary<string, List<string>>();
        List<string>? section = null;
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "packages.txt")))
        {
            string entry = line.Split('#')[0].Trim();
            if (entry.Length == 0)
                continue;
            if (entry.StartsWith('['))
            {
                sections.Add(entry.Trim('[', ']'), section = []);
                continue;
            }
            Assert.NotNull(section);
            string[] words = [.. entry.Split('|').Select(w => w.Trim())];
            Assert.Matches(PackageName(), words[0]);
            Assert.All(words[1..], w => Assert.Matches(Alternative(), w));
            section.Add(words[0]);
        }
        Assert.Equal(["run", "learn", "test"], sections.Keys);
        Assert.All(sections.Values, Assert.NotEmpty);
        string[] all = [.. sections.Values.SelectMany(s => s)];
        Assert.Equal(all.Distinct(), all);
    }

    // Debian policy 5.6.1.
    [GeneratedRegex(@"^[a-z0-9][a-z0-9+.-]+$")]
    private static partial Regex PackageName();

    [GeneratedRegex(@"^(lib:lib[\w.+-]+\.so[\w.]*|[\w.+-]+)$")]
    private static partial Regex Alternative();
}
