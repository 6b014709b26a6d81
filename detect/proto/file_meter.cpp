#include "detect/proto/file_meter.hpp"

#include <openssl/evp.h>

#include <array>

namespace cresset::detect::proto {
namespace {

struct context_deleter {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using context = std::unique_ptr<EVP_MD_CTX, context_deleter>;

context begin(bool wanted, const EVP_MD* kind) {
  if (!wanted)
    return nullptr;
  context made{EVP_MD_CTX_new()};
  if (made && EVP_DigestInit_ex(made.get(), kind, nullptr) != 1)
    made.reset();
  return made;
}

std::string end(EVP_MD_CTX* running) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  std::string text;
  if (EVP_DigestFinal_ex(running, digest.data(), &size) != 1)
    return text;
  constexpr std::string_view digits = "0123456789abcdef";
  for (unsigned i = 0; i < size; ++i) {
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 0xfU];
  }
  return text;
}

} // namespace

struct file_meter::computations {
  std::array<context, 3> running;
};

file_meter::file_meter(const file_settings& wanted) : wanted_{wanted} {
  // a file that is stored is named by its digest
  const bool names = wanted.sha256 || wanted.keeper != nullptr;
  if (!wanted.md5 && !wanted.sha1 && !names)
    return;
  running_ = std::make_unique<computations>();
  running_->running = {begin(wanted.md5, EVP_md5()), begin(wanted.sha1, EVP_sha1()),
                       begin(names, EVP_sha256())};
}

file_meter::~file_meter() = default;

void file_meter::append(byte_view bytes, byte_view retained, bool is_retained) {
  if (is_finished_ || has_gap_)
    return;
  if (running_)
    for (const auto& one : running_->running)
      if (one)
        EVP_DigestUpdate(one.get(), bytes.data(), bytes.size());
  if (is_retained || wanted_.keeper == nullptr)
    return;
  spill(retained);
  if (spool_)
    spool_->append(bytes);
}

void file_meter::spill(byte_view retained) {
  if (has_spilled_)
    return;
  has_spilled_ = true;
  spool_ = wanted_.keeper->open();
  if (spool_)
    spool_->append(retained);
}

void file_meter::lose(byte_view retained) {
  if (is_finished_ || has_gap_)
    return;
  if (wanted_.keeper != nullptr)
    spill(retained); // what came before the gap; the protocol forgets it now
  has_gap_ = true;
}

/// A file with a gap is named by what came before it, and has no digest of its own.
void file_meter::finish() {
  if (is_finished_)
    return;
  is_finished_ = true;
  if (!running_)
    return;
  for (std::size_t i = 0; i < running_->running.size(); ++i)
    if (running_->running[i] && (!has_gap_ || (i == 2 && wanted_.keeper != nullptr)))
      digests_[i] = end(running_->running[i].get());
  running_.reset();
}

} // namespace cresset::detect::proto
