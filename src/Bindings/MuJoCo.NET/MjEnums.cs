namespace MuJoCo;

/// <summary>Kinds of named model elements (<c>mjtObj</c>).</summary>
[CEnum("mjOBJ_")]
public enum MjObject
{
    /// <summary>Unknown kind.</summary>
    Unknown = 0,
    /// <summary>Body, by its inertial frame.</summary>
    Body = 1,
    /// <summary>Body, by its regular frame.</summary>
    XBody = 2,
    /// <summary>Joint.</summary>
    Joint = 3,
    /// <summary>Degree of freedom.</summary>
    Dof = 4,
    /// <summary>Geom.</summary>
    Geom = 5,
    /// <summary>Site.</summary>
    Site = 6,
    /// <summary>Camera.</summary>
    Camera = 7,
    /// <summary>Light.</summary>
    Light = 8,
    /// <summary>Mesh.</summary>
    Mesh = 9,
    /// <summary>Skin.</summary>
    Skin = 10,
    /// <summary>Height field.</summary>
    HField = 11,
    /// <summary>Texture.</summary>
    Texture = 12,
    /// <summary>Material.</summary>
    Material = 13,
    /// <summary>Contact pair.</summary>
    Pair = 14,
    /// <summary>Excluded contact pair.</summary>
    Exclude = 15,
    /// <summary>Equality constraint.</summary>
    Equality = 16,
    /// <summary>Tendon.</summary>
    Tendon = 17,
    /// <summary>Actuator.</summary>
    Actuator = 18,
    /// <summary>Sensor.</summary>
    Sensor = 19,
    /// <summary>Custom numbers.</summary>
    Numeric = 20,
    /// <summary>Custom text.</summary>
    Text = 21,
    /// <summary>Tuple.</summary>
    Tuple = 22,
    /// <summary>Keyframe.</summary>
    Key = 23,
}

/// <summary>Joint types (<c>mjtJoint</c>), as in <see cref="MjModel.JntType"/>.</summary>
[CEnum("mjJNT_")]
public enum MjJointType
{
    /// <summary>Position and unit quaternion: 7 coordinates, 6 degrees of freedom.</summary>
    Free = 0,
    /// <summary>Unit quaternion: 4 coordinates, 3 degrees of freedom.</summary>
    Ball = 1,
    /// <summary>Translation along an axis, m.</summary>
    Slide = 2,
    /// <summary>Rotation about an axis, rad.</summary>
    Hinge = 3,
}

/// <summary>Geom shapes (<c>mjtGeom</c>), as in <see cref="MjModel.GeomType"/>.</summary>
[CEnum("mjGEOM_")]
public enum MjGeomType
{
    /// <summary>Plane.</summary>
    Plane = 0,
    /// <summary>Height field.</summary>
    HField = 1,
    /// <summary>Sphere.</summary>
    Sphere = 2,
    /// <summary>Capsule.</summary>
    Capsule = 3,
    /// <summary>Ellipsoid.</summary>
    Ellipsoid = 4,
    /// <summary>Cylinder.</summary>
    Cylinder = 5,
    /// <summary>Box.</summary>
    Box = 6,
    /// <summary>Mesh.</summary>
    Mesh = 7,
}

/// <summary>Actuator transmissions (<c>mjtTrn</c>), as in <see cref="MjModel.ActuatorTrnType"/>.</summary>
[CEnum("mjTRN_")]
public enum MjTransmission
{
    /// <summary>Force on a joint.</summary>
    Joint = 0,
    /// <summary>Force on a joint, in the parent's frame.</summary>
    JointInParent = 1,
    /// <summary>Force through a slider-crank.</summary>
    SliderCrank = 2,
    /// <summary>Force on a tendon.</summary>
    Tendon = 3,
    /// <summary>Force at a site.</summary>
    Site = 4,
    /// <summary>Adhesion of a body's geoms.</summary>
    Body = 5,
}

/// <summary>Friction cones (<c>mjtCone</c>).</summary>
[CEnum("mjCONE_")]
public enum MjCone
{
    /// <summary>Pyramidal.</summary>
    Pyramidal = 0,
    /// <summary>Elliptic.</summary>
    Elliptic = 1,
}

/// <summary>Constraint solvers (<c>mjtSolver</c>).</summary>
[CEnum("mjSOL_")]
public enum MjSolver
{
    /// <summary>Projected Gauss-Seidel.</summary>
    Pgs = 0,
    /// <summary>Conjugate gradient.</summary>
    Cg = 1,
    /// <summary>Newton.</summary>
    Newton = 2,
}

/// <summary>Integrators (<c>mjtIntegrator</c>).</summary>
[CEnum("mjINT_")]
public enum MjIntegrator
{
    /// <summary>Semi-implicit Euler.</summary>
    Euler = 0,
    /// <summary>Fourth-order Runge-Kutta.</summary>
    Rk4 = 1,
    /// <summary>Implicit in velocity.</summary>
    Implicit = 2,
}

/// <summary>Parts of the default pipeline that can be switched off (<c>mjtDisableBit</c>).</summary>
[Flags]
[CEnum("mjDSBL_")]
public enum MjDisableFlags
{
    /// <summary>Everything runs.</summary>
    None = 0,
    /// <summary>The whole constraint solver.</summary>
    Constraint = 1 << 0,
    /// <summary>Equality constraints.</summary>
    Equality = 1 << 1,
    /// <summary>Friction loss of joints and tendons.</summary>
    FrictionLoss = 1 << 2,
    /// <summary>Limits of joints and tendons.</summary>
    Limit = 1 << 3,
    /// <summary>Contacts.</summary>
    Contact = 1 << 4,
    /// <summary>Passive forces: springs, dampers, fluid.</summary>
    Passive = 1 << 5,
    /// <summary>Gravity.</summary>
    Gravity = 1 << 6,
    /// <summary>Clamping of controls to their range.</summary>
    ClampCtrl = 1 << 7,
    /// <summary>Warm start of the constraint solver.</summary>
    WarmStart = 1 << 8,
    /// <summary>The filter that keeps a body from colliding with its parent.</summary>
    FilterParent = 1 << 9,
    /// <summary>Actuator forces.</summary>
    Actuation = 1 << 10,
    /// <summary>The safety that keeps constraint time constants above two time steps.</summary>
    RefSafe = 1 << 11,
    /// <summary>Sensors.</summary>
    Sensor = 1 << 12,
}

/// <summary>Optional parts of the pipeline (<c>mjtEnableBit</c>).</summary>
[Flags]
[CEnum("mjENBL_")]
public enum MjEnableFlags
{
    /// <summary>No optional part.</summary>
    None = 0,
    /// <summary>Contact parameters from the options instead of the geoms.</summary>
    Override = 1 << 0,
    /// <summary>Energy.</summary>
    Energy = 1 << 1,
    /// <summary>Comparison of forward and inverse dynamics.</summary>
    FwdInv = 1 << 2,
    /// <summary>Noise on sensors.</summary>
    SensorNoise = 1 << 3,
    /// <summary>Several contacts per pair of convex shapes.</summary>
    MultiCcd = 1 << 4,
}

/// <summary>What a simulation can complain about (<c>mjtWarning</c>); counted per <see cref="MjData"/>.</summary>
[CEnum("mjWARN_")]
public enum MjWarning
{
    /// <summary>The inertia matrix is (nearly) singular.</summary>
    Inertia = 0,
    /// <summary>More contacts than the contact list can hold.</summary>
    ContactFull = 1,
    /// <summary>More constraints than fit.</summary>
    CnstrFull = 2,
    /// <summary>More visual geoms than fit.</summary>
    VGeomFull = 3,
    /// <summary>A position is not a number or huge; the simulation was reset.</summary>
    BadQpos = 4,
    /// <summary>A velocity is not a number or huge; the simulation was reset.</summary>
    BadQvel = 5,
    /// <summary>An acceleration is not a number or huge; the simulation was reset.</summary>
    BadQacc = 6,
    /// <summary>A control is not a number or huge; controls were taken as zero.</summary>
    BadCtrl = 7,
}

/// <summary>Rendering effects (<c>mjtRndFlag</c>).</summary>
[CEnum("mjRND_")]
public enum MjRenderFlag
{
    /// <summary>Shadows.</summary>
    Shadow = 0,
    /// <summary>Wire frame.</summary>
    Wireframe = 1,
    /// <summary>Reflections.</summary>
    Reflection = 2,
    /// <summary>Additive transparency.</summary>
    Additive = 3,
    /// <summary>Sky box.</summary>
    Skybox = 4,
    /// <summary>Fog.</summary>
    Fog = 5,
    /// <summary>Haze.</summary>
    Haze = 6,
}
