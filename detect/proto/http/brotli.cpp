#include "detect/proto/http/brotli.hpp"

#include <brotli/decode.h>

#include <array>

namespace cresset::detect::proto::http {

void brotli_reader::deleter::operator()(BrotliDecoderStateStruct* state) const noexcept {
  BrotliDecoderDestroyInstance(state);
}

brotli_reader::brotli_reader(std::uint64_t limit_bytes, std::uint64_t ratio)
    : state_{BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)}, limit_{limit_bytes},
      ratio_{ratio} {
  if (!state_)
    now_ = outcome::damaged;
}
brotli_reader::~brotli_reader() = default;

brotli_reader::outcome brotli_reader::bytes(byte_view bytes,
                                            const std::function<void(byte_view)>& see) {
  if (now_ != outcome::going_on)
    return now_;
  std::array<std::uint8_t, 8192> piece;
  const auto* next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
  std::size_t left_in = bytes.size();
  in_ += bytes.size();
  while (true) {
    auto* next_out = piece.data();
    std::size_t left_out = piece.size();
    const auto result = BrotliDecoderDecompressStream(state_.get(), &left_in, &next_in, &left_out,
                                                      &next_out, nullptr);
    const auto made = std::as_bytes(std::span{piece}).first(piece.size() - left_out);
    out_ += made.size();
    if (!made.empty())
      see(made);
    if (result == BROTLI_DECODER_RESULT_ERROR)
      return now_ = outcome::damaged;
    if (result == BROTLI_DECODER_RESULT_SUCCESS)
      return now_ = outcome::ended;
    if (out_ > limit_ && out_ / ratio_ > in_)
      return now_ = outcome::bomb;
    if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT)
      return now_;
  }
}

} // namespace cresset::detect::proto::http
