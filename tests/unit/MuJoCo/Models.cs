using MuJoCo;

namespace Legato.Tests.MuJoCo;

/// <summary>Small models that the tests share.</summary>
internal static class Models
{
    /// <summary>A sphere of 0.1 m radius and 1 kg over a plane, free to move.</summary>
    public const string Ball = """
        <mujoco>
          <option timestep="0.002"/>
          <worldbody>
            <geom name="floor" type="plane" size="5 5 0.1"/>
            <body name="ball" pos="0 0 0.3">
              <freejoint name="free"/>
              <geom name="ball" type="sphere" size="0.1" mass="1"/>
            </body>
          </worldbody>
        </mujoco>
        """;

    /// <summary>An arm of three hinges, a ball joint and a slide over a plane, with actuators of which one has an activation,
    /// a tendon, a mocap body and a sensor: everything that a saved state has parts for.</summary>
    public const string Arm = """
        <mujoco>
          <option timestep="0.002"/>
          <size nuserdata="2"/>
          <worldbody>
            <geom name="floor" type="plane" size="5 5 0.1"/>
            <body name="target" mocap="true" pos="1 0 1"/>
            <body name="upper" pos="0 0 0.5">
              <joint name="shoulder" type="hinge" axis="0 1 0" damping="0.1" range="-170 170" limited="true"/>
              <geom name="upper" type="capsule" fromto="0 0 0 0.3 0 0" size="0.03"/>
              <body name="lower" pos="0.3 0 0">
                <joint name="elbow" type="hinge" axis="0 1 0" damping="0.05"/>
                <joint name="twist" type="hinge" axis="1 0 0" armature="0.01"/>
                <geom name="lower" type="capsule" fromto="0 0 0 0.3 0 0" size="0.03"/>
                <body name="hand" pos="0.3 0 0">
                  <joint name="wrist" type="ball" damping="0.01"/>
                  <geom name="hand" type="box" size="0.05 0.03 0.02"/>
                  <body name="finger" pos="0.06 0 0">
                    <joint name="slide" type="slide" axis="1 0 0" range="0 0.05" limited="true" damping="1"/>
                    <geom name="finger" type="sphere" size="0.02" pos="0.02 0 0"/>
                    <site name="tip" pos="0.04 0 0.01"/>
                  </body>
                </body>
              </body>
            </body>
            <body name="puck" pos="0.2 0.3 0.2">
              <freejoint/>
              <geom name="puck" type="box" size="0.05 0.04 0.03"/>
            </body>
          </worldbody>
          <tendon><fixed name="pull"><joint joint="shoulder" coef="1"/><joint joint="elbow" coef="0.5"/></fixed></tendon>
          <actuator>
            <position name="shoulder" joint="shoulder" kp="20"/>
            <motor name="elbow" joint="elbow" gear="2"/>
            <general name="pull" tendon="pull" dyntype="filter" dynprm="0.05" gainprm="3"/>
          </actuator>
          <sensor><jointpos name="elbow" joint="elbow"/></sensor>
          <keyframe><key name="bent" qpos="0.5 0.4 0.3 1 0 0 0 0.01 0.2 0.3 0.2 1 0 0 0"/></keyframe>
        </mujoco>
        """;

    /// <summary>The arm with the given controls and a push on its puck, after some steps in contact with the floor.</summary>
    public static MjData MovingArm(MjModel model, int seed, int steps)
    {
        var random = new Random(seed);
        var data = new MjData(model);
        for (int i = 0; i < steps; i++)
        {
            foreach (ref double control in data.Ctrl)
                control = 2 * random.NextDouble() - 1;
            data.Step();
        }

        foreach (ref double force in data.XfrcApplied)
            force = 0.2 * (random.NextDouble() - 0.5);
        foreach (ref double torque in data.QfrcApplied)
            torque = 0.1 * (random.NextDouble() - 0.5);
        data.MocapPos[0] = random.NextDouble();
        data.UserData[1] = random.NextDouble();
        return data;
    }
}
