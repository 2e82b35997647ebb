using MuJoCo;

namespace Legato.Tests.MuJoCo;

public class MjRendererTests
{
    private const int Width = 80;
    private const int Height = 60;

    // A red box above a green one, seen from −y: x to the right, z up.
    private const string Boxes = """
        <mujoco>
          <visual><quality offsamples="0"/></visual>
          <worldbody>
            <light pos="0 -2 2" dir="0 1 -1"/>
            <camera name="front" pos="0 -2 0" xyaxes="1 0 0 0 0 1"/>
            <geom name="red" type="box" size="0.3 0.3 0.3" pos="0 0 0.3" rgba="1 0 0 1"/>
            <geom name="green" type="box" size="0.3 0.3 0.3" pos="0 0 -0.3" rgba="0 1 0 1"/>
            <body name="mover" pos="0 -1 5"><joint name="lift" type="slide" axis="0 0 1"/>
              <geom name="blue" type="box" size="0.6 0.1 0.6" rgba="0 0 1 1"/></body>
          </worldbody>
        </mujoco>
        """;

    [Fact]
    public void PictureShowsTheSceneUprightFromAFixedAndFromAFreeCamera()
    {
        using MjModel model = MjModel.FromXmlString(Boxes);
        using var data = new MjData(model);
        data.Forward();
        using var renderer = new MjRenderer(model, Width, Height);

        foreach (MjCamera camera in new[] { MjCamera.Fixed(model, "front"), MjCamera.Free([0, 0, 0], 2, 90, 0) })
        {
            renderer.Render(data, camera);

            PngReader picture = PngReader.Decode(renderer.ToPng());
            Assert.Equal((Width, Height), (picture.Width, picture.Height));
            Assert.Equal(renderer.Rgb.ToArray(), picture.Rgb);
            AssertDominant('R', picture.Pixel(Width / 2, (Height / 2) - 6));
            AssertDominant('G', picture.Pixel(Width / 2, (Height / 2) + 6));
            AssertDominant(' ', picture.Pixel(1, 1));
        }
    }

    [Fact]
    public void PictureFollowsTheData()
    {
        using MjModel model = MjModel.FromXmlString(Boxes);
        using var data = new MjData(model);
        using var renderer = new MjRenderer(model, Width, Height);
        MjCamera camera = MjCamera.Fixed(model, "front");

        data.Forward();
        renderer.Render(data, camera);
        AssertDominant('R', PngReader.Decode(renderer.ToPng()).Pixel(Width / 2, (Height / 2) - 6));

        data.Qpos[0] = -5; // the blue box comes down before the others
        data.Forward();
        renderer.Render(data, camera);
        AssertDominant('B', PngReader.Decode(renderer.ToPng()).Pixel(Width / 2, (Height / 2) - 6));
    }

    [Fact]
    public void HiddenGroupIsNotDrawn()
    {
        using MjModel model = MjModel.FromXmlString(Boxes);
        using var data = new MjData(model);
        using var renderer = new MjRenderer(model, Width, Height);
        data.Forward();

        renderer.ShowGeoms(0, false);
        renderer.Render(data, MjCamera.Fixed(model, "front"));

        AssertDominant(' ', PngReader.Decode(renderer.ToPng()).Pixel(Width / 2, (Height / 2) - 6));
    }

    [Fact]
    public void RenderersOfDifferentSizesTakeTurnsOnOneThreadAndOnOthers()
    {
        using MjModel model = MjModel.FromXmlString(Boxes);
        using var data = new MjData(model);
        data.Forward();
        using var small = new MjRenderer(model, 32, 24);
        using var large = new MjRenderer(model, 2 * Width, 2 * Height);
        MjCamera camera = MjCamera.Fixed(model, "front");

        large.Render(data, camera);
        small.Render(data, camera);
        byte[] first = small.Rgb.ToArray();
        var thread = new Thread(() => small.Render(data, camera));
        thread.Start();
        thread.Join();

        Assert.Equal(first, small.Rgb.ToArray());
        Assert.Equal((2 * Width, 2 * Height), (PngReader.Decode(large.ToPng()).Width, PngReader.Decode(large.ToPng()).Height));
        AssertDominant('R', PngReader.Decode(small.ToPng()).Pixel(16, 9));
    }

    [Fact]
    public void SizeOfTheModelsOwnOffScreenBufferIsNeitherALimitNorChanged()
    {
        using MjModel model = MjModel.FromXmlString(Boxes.Replace("<visual>", "<visual><global offwidth='17' offheight='13'/>", StringComparison.Ordinal));
        using var data = new MjData(model);
        data.Forward();

        for (int i = 0; i < 2; i++)
        {
            using var renderer = new MjRenderer(model, Width, Height);
            renderer.Render(data, MjCamera.Fixed(model, "front"));
            AssertDominant('R', PngReader.Decode(renderer.ToPng()).Pixel(Width / 2, (Height / 2) - 6));
        }
    }

    [Fact]
    public void SavedFileReplacesAnOlderOneAndLeavesNothingBeside()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("scene.png");
        File.WriteAllText(path, "old");
        using MjModel model = MjModel.FromXmlString(Boxes);
        using var data = new MjData(model);
        using var renderer = new MjRenderer(model, Width, Height);
        data.Forward();
        renderer.Render(data, MjCamera.Default(model));

        renderer.SavePng(path);

        Assert.Equal([path], Directory.GetFiles(folder.Path));
        Assert.Equal(renderer.Rgb.ToArray(), PngReader.Decode(File.ReadAllBytes(path)).Rgb);
    }

    [Theory]
    [InlineData("egl")]
    [InlineData("osmesa")]
    public void EachBackEndDrawsTheScene(string backEnd)
    {
        (int exitCode, string output) = RunPicture(("MUJOCO_GL", backEnd));

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void UnusableBackEndIsReportedWithItsReason()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("libEGL.so.1"), "not a library");

        Assert.Contains("MUJOCO_GL is 'glx'; expected egl or osmesa", RunPicture(("MUJOCO_GL", "glx")).Output, StringComparison.Ordinal);
        string output = RunPicture(("MUJOCO_GL", "egl"), ("LD_LIBRARY_PATH", folder.Path)).Output;
        Assert.Contains("no off-screen OpenGL context: Unable to load shared library 'libEGL.so.1'", output, StringComparison.Ordinal);
        Assert.Contains("apt-get install libegl1 libgl1-mesa-dri", output, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongUseIsRefused()
    {
        using MjModel model = MjModel.FromXmlString(Boxes);
        using MjModel copy = model.Clone();
        using var foreign = new MjData(copy);
        using var data = new MjData(model);
        var renderer = new MjRenderer(model, Width, Height);
        MjCamera camera = MjCamera.Fixed(model, "front");

        Assert.Throws<ArgumentException>(() => renderer.Render(foreign, camera));
        Assert.Throws<ArgumentOutOfRangeException>(() => renderer.ShowGeoms(6, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MjRenderer(model, 0, 10));
        Assert.Contains("100000 × 10", Assert.Throws<MuJoCoException>(() => new MjRenderer(model, 100_000, 10)).Message, StringComparison.Ordinal);
        Assert.Contains("'side'", Assert.Throws<MuJoCoException>(() => MjCamera.Fixed(model, "side")).Message, StringComparison.Ordinal);
        renderer.Dispose();
        renderer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => renderer.Render(data, camera));
    }

    // The back end is chosen once per process: OpenGL's entry points are globals of MuJoCo.
    private static (int ExitCode, string Output) RunPicture(params (string Name, string Value)[] environment) =>
        Programs.RunTest(typeof(MjRendererTests), nameof(PictureShowsTheSceneUprightFromAFixedAndFromAFreeCamera), environment);

    private static void AssertDominant(char colour, (byte R, byte G, byte B) pixel)
    {
        (int r, int g, int b) = pixel;
        char seen = r > g + b + 30 ? 'R' : g > r + b + 30 ? 'G' : b > r + g + 30 ? 'B' : ' ';
        Assert.True(colour == seen, $"pixel {pixel}");
    }
}
