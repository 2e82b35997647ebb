// Writes what libtorch makes of the networks of LibtorchReferenceTests.cs; their weights come from a hash, in the same order.
// g++ -O1 -std=c++17 libtorch_reference.cpp -ltorch_cpu -lc10 -o reference && ./reference
#include <ATen/ATen.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <vector>

static uint32_t tensors = 0;

// Numbers in [-0.5, 0.5), the same in C#: integers, and one exact product.
static at::Tensor hashed(std::vector<int64_t> shape)
{
    int64_t count = 1;
    for (int64_t size : shape)
        count *= size;
    std::vector<float> values(count);
    for (int64_t i = 0; i < count; i++) {
        uint32_t h = (uint32_t)i * 2654435761u + tensors * 40503u;
        h ^= h >> 15;
        h *= 2246822519u;
        h ^= h >> 13;
        values[i] = (float)(h >> 8) * (1.0f / 16777216.0f) - 0.5f;
    }
    tensors++;
    return at::from_blob(values.data(), shape, at::kFloat).clone();
}

static at::Tensor linear(const at::Tensor &x, int64_t outputs)
{
    at::Tensor weight = hashed({outputs, x.size(1)}) * (4.0f / std::sqrt((float)x.size(1)));
    return at::linear(x, weight, hashed({outputs}));
}

static at::Tensor normalised(const at::Tensor &x)
{
    at::Tensor weight = hashed({x.size(1)}) + 1.0f;
    return at::layer_norm(x, {x.size(1)}, weight, hashed({x.size(1)}), 1e-5);
}

static void print(const char *name, const at::Tensor &x)
{
    at::Tensor flat = x.contiguous().view({-1});
    std::printf("%s", name);
    for (int64_t i = 0; i < flat.size(0); i++)
        std::printf(" %.9g", flat[i].item<float>());
    std::printf("\n");
}

int main()
{
    at::NoGradGuard no_grad;
    at::Tensor x = hashed({1, 17}) * 4.0f;
    x = at::gelu(normalised(linear(x, 33)));
    x = at::silu(normalised(at::mish(linear(x, 40))));
    x = at::gelu(linear(x, 24), "tanh");
    x = at::relu(at::tanh(linear(x, 65)));
    print("small", linear(x, 9));

    tensors = 0;
    x = hashed({1, 400}) * 4.0f;
    for (int i = 0; i < 3; i++)
        x = at::gelu(normalised(linear(x, 256)));
    print("control", linear(x, 45));

    tensors = 0;
    x = hashed({1, 1144}) * 4.0f;
    x = at::gelu(normalised(linear(x, 1024)));
    x = at::gelu(normalised(linear(x, 256)));
    print("large", linear(x, 45));

    const float inf = std::numeric_limits<float>::infinity();
    std::vector<float> points = {-inf, -20, -5, -1, -0.5f, -1e-3f, 0, 1e-3f, 0.5f, 1, 5, 20, 100, inf, std::numeric_limits<float>::quiet_NaN()};
    at::Tensor p = at::from_blob(points.data(), {1, (int64_t)points.size()}, at::kFloat).clone();
    print("Relu", at::relu(p));
    print("Tanh", at::tanh(p));
    print("Gelu", at::gelu(p));
    print("GeluTanh", at::gelu(p, "tanh"));
    print("Silu", at::silu(p));
    print("Mish", at::mish(p));
}
