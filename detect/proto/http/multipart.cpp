// The body is cut by a delimiter; each part has a head of its own:
//
//   --boundary CRLF  head lines  CRLF CRLF  content  CRLF --boundary CRLF  …  CRLF --boundary--
//   CRLF
//
// Bytes are appended to one short buffer and taken from its front by the state's reader until it
// wants more. Content is passed on except for the last bytes that could still be the beginning of a
// delimiter.
#include "detect/proto/http/multipart.hpp"

#include "detect/proto/http/header_value.hpp"

#include <algorithm>
#include <cctype>

namespace cresset::detect::proto::http {
namespace {

/// Finds "Content-Disposition" in the head of a part and gives its value.
std::string_view disposition_in(std::string_view head) noexcept {
  constexpr std::string_view name = "content-disposition:";
  while (!head.empty()) {
    const auto end = head.find('\n');
    auto line = head.substr(0, end);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (line.size() >= name.size() &&
        std::equal(name.begin(), name.end(), line.begin(),
                   [](char a, unsigned char b) { return a == std::tolower(b); }))
      return line.substr(name.size());
  }
  return {};
}

} // namespace

multipart_reader::multipart_reader(std::string_view boundary, listener& listening)
    : listener_{listening}, delimiter_{"\r\n--"} {
  delimiter_ += boundary.substr(0, boundary_limit);
  open_ = "\r\n"; // the first delimiter may stand at the very beginning
}

void multipart_reader::bytes(byte_view bytes) {
  // What is open is short in every state, so that cutting the input bounds the memory.
  while (!bytes.empty() && place_ != place::epilogue) {
    const auto piece = bytes.first(std::min<std::size_t>(bytes.size(), head_limit));
    bytes = bytes.subspan(piece.size());
    open_ += as_text(piece);
    while (step()) {
    }
  }
}

void multipart_reader::end() {
  if (place_ == place::content && is_file_) {
    listener_.file_bytes(as_bytes(open_));
    listener_.file_ends(false);
  }
  open_.clear();
  place_ = place::epilogue;
}

bool multipart_reader::step() {
  switch (place_) {
  case place::preamble: return read_preamble();
  case place::behind_delimiter: return read_behind_delimiter();
  case place::head: return read_head();
  case place::content: return read_content();
  case place::epilogue: open_.clear(); return false;
  }
  return false;
}

bool multipart_reader::read_preamble() {
  const auto at = open_.find(delimiter_);
  if (at == std::string::npos) {
    if (open_.size() >= delimiter_.size())
      consume(open_.size() - delimiter_.size() + 1);
    return false;
  }
  consume(at + delimiter_.size());
  place_ = place::behind_delimiter;
  return true;
}

bool multipart_reader::read_behind_delimiter() {
  if (open_.size() < 2)
    return false;
  if (open_.starts_with("--")) {
    place_ = place::epilogue;
    return true;
  }
  const auto end = open_.find('\n');
  if (end == std::string::npos) {
    if (open_.size() > head_limit) {
      listener_.damaged("multipart_generic_error");
      place_ = place::epilogue;
    }
    return false;
  }
  consume(end + 1);
  place_ = place::head;
  return true;
}

bool multipart_reader::read_head() {
  auto end = open_.find("\r\n\r\n");
  std::size_t behind = 4;
  if (open_.starts_with("\r\n")) { // no head at all
    end = 0;
    behind = 2;
  }
  if (end == std::string::npos) {
    if (open_.size() > head_limit) {
      listener_.damaged("multipart_invalid_header");
      place_ = place::epilogue;
    }
    return false;
  }
  const auto disposition = disposition_in(std::string_view{open_}.substr(0, end));
  const auto name = parameter_of(disposition, "filename");
  is_file_ = name.has_value();
  if (is_file_)
    listener_.file_begins(*name);
  consume(end + behind);
  // An empty part: its delimiter's line break is the one that ended the head.
  open_.insert(0, "\r\n");
  place_ = place::content;
  if (open_.starts_with(delimiter_)) {
    if (is_file_)
      listener_.damaged("multipart_no_filedata");
    return true;
  }
  if (open_.size() < delimiter_.size() && delimiter_.starts_with(open_)) {
    pending_break_ = true;
    return false;
  }
  consume(2);
  return true;
}

bool multipart_reader::read_content() {
  if (pending_break_) {
    if (open_.size() < delimiter_.size() && delimiter_.starts_with(open_))
      return false;
    pending_break_ = false;
    if (!open_.starts_with(delimiter_))
      consume(2);
  }
  const auto at = open_.find(delimiter_);
  const auto ready =
      at != std::string::npos ? at : open_.size() - std::min(open_.size(), delimiter_.size() - 1);
  if (is_file_ && ready > 0)
    listener_.file_bytes(as_bytes(std::string_view{open_}.substr(0, ready)));
  if (at == std::string::npos) {
    consume(ready);
    return false;
  }
  if (is_file_)
    listener_.file_ends(true);
  is_file_ = false;
  consume(at + delimiter_.size());
  place_ = place::behind_delimiter;
  return true;
}

} // namespace cresset::detect::proto::http
