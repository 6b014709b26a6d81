#include "detect/proto/inflate.hpp"

#include <zlib.h>

#include <array>
#include <limits>

namespace cresset::detect::proto {
namespace {

constexpr std::size_t piece_size = 8192;
constexpr int raw_window = -15;
constexpr int zlib_window = 15;
constexpr int gzip_window = 15 + 16;

/// RFC 1950 2.2: method 8, and both bytes together a multiple of 31.
bool is_zlib_head(byte_view begin) noexcept {
  const auto first = std::to_integer<unsigned>(begin[0]);
  return (first & 0x0fU) == 8 && (first << 8U | std::to_integer<unsigned>(begin[1])) % 31 == 0;
}

} // namespace

void inflater::deleter::operator()(z_stream_s* stream) const noexcept {
  inflateEnd(stream);
  std::default_delete<z_stream_s>{}(stream);
}

inflater::inflater(format packed, std::uint64_t limit_bytes, std::uint64_t ratio)
    : packed_{packed}, limit_{limit_bytes}, ratio_{ratio} {}
inflater::~inflater() = default;

bool inflater::open(byte_view begin) {
  const int window = packed_ == format::gzip                             ? gzip_window
                     : packed_ == format::deflate && is_zlib_head(begin) ? zlib_window
                                                                         : raw_window;
  auto made = std::make_unique<z_stream_s>();
  if (inflateInit2(made.get(), window) != Z_OK)
    return false;
  stream_.reset(made.release());
  return true;
}

inflater::outcome inflater::bytes(byte_view bytes, const std::function<void(byte_view)>& see) {
  if (now_ != outcome::going_on || bytes.empty())
    return now_;
  std::vector<std::byte> joined;
  if (!stream_) {
    begin_.insert(begin_.end(), bytes.begin(), bytes.end());
    if (packed_ == format::deflate && begin_.size() < 2)
      return now_;
    joined.swap(begin_);
    bytes = joined;
    if (!open(bytes))
      return now_ = outcome::damaged;
  }
  std::array<std::byte, piece_size> piece;
  in_ += bytes.size();
  while (true) {
    // zlib takes no more than 32 bits at once; what is left comes with the next turn.
    const auto size = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
    stream_->next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream_->avail_in = static_cast<uInt>(size);
    stream_->next_out = reinterpret_cast<Bytef*>(piece.data());
    stream_->avail_out = piece_size;
    const int result = inflate(stream_.get(), Z_SYNC_FLUSH);
    bytes = bytes.subspan(size - stream_->avail_in);
    const auto made = byte_view{piece}.first(piece_size - stream_->avail_out);
    out_ += made.size();
    if (!made.empty())
      see(made);
    if (result == Z_STREAM_END)
      return now_ = outcome::ended;
    if (result != Z_OK && result != Z_BUF_ERROR)
      return now_ = outcome::damaged;
    if (out_ > limit_ && out_ / ratio_ > in_)
      return now_ = outcome::bomb;
    if (bytes.empty() && stream_->avail_out != 0)
      return now_;
    if (result == Z_BUF_ERROR && made.empty())
      return now_;
  }
}

} // namespace cresset::detect::proto
