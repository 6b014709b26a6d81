// The library has no codes for what it notices, only texts; a text's beginning is what names it.
#include "detect/proto/http/log_event.hpp"

#include <array>

namespace cresset::detect::proto::http {
namespace {

struct line {
  std::string_view begins;
  std::string_view event;
};

constexpr std::array lines{
    line{"GZip decompressor:", "gzip_decompression_failed"},
    line{"LZMA decompressor: memory limit", "lzma_memlimit_reached"},
    line{"LZMA decompression disabled", "lzma_disabled"},
    line{"Compression bomb", "compression_bomb"},
    line{"Request field invalid: colon missing", "request_field_missing_colon"},
    line{"Request field invalid: LWS after name", ""}, // sloppy, but nothing anybody counts
    line{"Response field invalid: LWS after name", ""},
    line{"Request field invalid", "request_header_invalid"},
    line{"Request header name is not a token", "request_header_invalid"},
    line{"Response field invalid: missing colon", "response_field_missing_colon"},
    line{"Response field invalid", "response_header_invalid"},
    line{"Response header name is not a token", "response_header_invalid"},
    line{"Request chunk encoding: Invalid chunk length", "invalid_request_chunk_len"},
    line{"Response chunk encoding: Invalid chunk length", "invalid_response_chunk_len"},
    line{"Invalid C-L field in response", "invalid_content_length_field_in_response"},
    line{"Already seen 100-Continue", "100_continue_already_seen"},
    line{"Unable to match response to request", "unable_to_match_response_to_request"},
    line{"Request buffer over the limit", "request_field_too_long"},
    line{"Request field length exceeds", "request_field_too_long"},
    line{"Response the buffer limit", "response_field_too_long"},
    line{"Response field length exceeds", "response_field_too_long"},
    line{"Invalid request field folding", "invalid_request_field_folding"},
    line{"Invalid response field folding", "invalid_response_field_folding"},
    line{"Request line: URI contains non-compliant delimiter", "uri_delim_non_compliant"},
    line{"Request line: non-compliant delimiter between Method and URI",
         "method_delim_non_compliant"},
    line{"Request line: leading whitespace", "request_line_leading_whitespace"},
    line{"Request line: missing protocol", "request_line_missing_protocol"},
    line{"Request line incomplete", "request_line_incomplete"},
    line{"Request line: unknown method", "request_line_invalid"},
    line{"Too many response content encoding layers", "too_many_encoding_layers"},
    line{"C-E gzip has abnormal value", "abnormal_ce_header"},
    line{"C-E deflate has abnormal value", "abnormal_ce_header"},
    line{"C-E unknown setting", "abnormal_ce_header"},
    line{"C-T multipart/byteranges", "response_multipart_byteranges"},
    line{"Transfer-encoding has abnormal chunked value", "response_abnormal_transfer_encoding"},
    line{"Chunked transfer-encoding on HTTP/0.9 or HTTP/1.0", "response_chunked_old_proto"},
    line{"Invalid response line: invalid protocol", "response_invalid_protocol"},
    line{"Invalid response line: invalid response status", "response_invalid_status"},
    line{"Unexpected request body", "request_body_unexpected"},
    line{"Ambiguous request C-L value", "duplicate_content_length_field_in_request"},
    line{"Ambiguous response C-L value", "duplicate_content_length_field_in_response"},
    line{"Too many request headers", "request_too_many_headers"},
    line{"Too many response headers", "response_too_many_headers"},
};

} // namespace

std::string_view event_of(std::string_view message, direction fed) noexcept {
  if (message.starts_with("Repetition for header"))
    return fed == direction::to_server ? "request_header_repetition" : "response_header_repetition";
  for (const auto& [begins, event] : lines)
    if (message.starts_with(begins))
      return event;
  return {};
}

} // namespace cresset::detect::proto::http
