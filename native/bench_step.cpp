// The gradient step that `legato bench libtorch` takes through the shim, in plain C++: the reference of that benchmark.
//
//   legato_bench_step OBSERVATIONS ACTIONS BATCH HIDDEN...
//
// Says the kernels of BLAS, then answers each line "THREADS STEPS" on standard input with the loss of the last step.
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>

#include <ATen/Parallel.h>

#include <dlfcn.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace {

// So small that the networks stay as they are, however often they are stepped.
constexpr double kRate = 1e-7;

constexpr double kClip = 0.2, kValueWeight = 0.5, kMaxNorm = 0.5, kSpread = 0.05;
constexpr uint64_t kSeed = 1;

torch::nn::Sequential perceptron(int64_t inputs, const std::vector<int64_t>& hidden, int64_t outputs) {
  torch::nn::Sequential layers;
  for (int64_t size : hidden) {
    layers->push_back(torch::nn::Linear(inputs, size));
    layers->push_back(torch::nn::GELU());
    inputs = size;
  }
  layers->push_back(torch::nn::Linear(inputs, outputs));
  return layers;
}

class Step {
 public:
  Step(int64_t observations, int64_t actions, int64_t batch, const std::vector<int64_t>& hidden)
      : actor_(perceptron(observations, hidden, actions)),
        critic_(perceptron(observations, hidden, 1)),
        log_deviation_(torch::full({actions}, -1.0f, torch::requires_grad())),
        parameters_(all()),
        optimizer_(parameters_, torch::optim::AdamOptions(kRate).eps(1e-5)) {
    // What both programs draw, in this order.
    torch::manual_seed(kSeed);
    torch::NoGradGuard frozen;
    for (auto& parameter : parameters_)
      if (parameter.dim() == 2) parameter.uniform_(-kSpread, kSpread);
      else if (!parameter.is_same(log_deviation_)) parameter.zero_();
    observations_ = torch::randn({batch, observations});
    advantages_ = torch::randn({batch});
    returns_ = torch::randn({batch});
    auto mean = actor_->forward(observations_);
    actions_ = mean + log_deviation_.exp() * torch::randn({batch, actions});
    before_ = log_probability(mean);
  }

  double take() {
    auto ratio = (log_probability(actor_->forward(observations_)) - before_).exp();
    auto policy_loss = -torch::minimum(ratio * advantages_, ratio.clamp(1 - kClip, 1 + kClip) * advantages_).mean();
    auto value_loss = torch::mse_loss(critic_->forward(observations_).squeeze(-1), returns_);
    auto loss = value_loss * kValueWeight + policy_loss;
    // Dropped instead of filled with zeros, as the shim's optimizers do.
    for (auto& parameter : parameters_) parameter.mutable_grad().reset();
    loss.backward();
    torch::nn::utils::clip_grad_norm_(parameters_, kMaxNorm);
    optimizer_.step();
    return loss.item<double>();
  }

 private:
  std::vector<torch::Tensor> all() {
    auto parameters = actor_->parameters();
    for (auto& parameter : critic_->parameters()) parameters.push_back(parameter);
    parameters.push_back(log_deviation_);
    return parameters;
  }

  torch::Tensor log_probability(const torch::Tensor& mean) {
    auto z = (actions_ - mean) / log_deviation_.exp();
    return (z.square() * -0.5 - log_deviation_ - 0.5 * std::log(2 * M_PI)).sum(-1);
  }

  torch::nn::Sequential actor_, critic_;
  torch::Tensor log_deviation_;
  std::vector<torch::Tensor> parameters_;
  torch::optim::Adam optimizer_;
  torch::Tensor observations_, actions_, before_, advantages_, returns_;
};

const char* blas_kernels() {
  auto name = reinterpret_cast<const char* (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
  return name ? name() : "unknown";
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) {
    std::fprintf(stderr, "usage: %s OBSERVATIONS ACTIONS BATCH HIDDEN...\n", arguments[0]);
    return 2;
  }
  std::vector<int64_t> hidden;
  for (int i = 4; i < count; i++) hidden.push_back(std::atoll(arguments[i]));
  at::set_num_threads(1);
  Step step(std::atoll(arguments[1]), std::atoll(arguments[2]), std::atoll(arguments[3]), hidden);
  std::printf("%s\n", blas_kernels());
  std::fflush(stdout);
  int threads, steps;
  while (std::scanf("%d %d", &threads, &steps) == 2) {
    at::set_num_threads(threads);
    double loss = 0;
    for (int i = 0; i < steps; i++) loss = step.take();
    std::printf("%.17g\n", loss);
    std::fflush(stdout);
  }
}
