#pragma once

#include "detect/proto/smb/connection.hpp"
#include "detect/proto/smb/frames.hpp"
#include "detect/proto/smb/settings.hpp"
#include "detect/proto/smb/smb1.hpp"
#include "detect/proto/smb/smb2.hpp"
#include "detect/proto/stream_parser.hpp"

#include <array>

namespace cresset::detect::proto::smb {

/// SMB 1, 2 and 3 over TCP, in the records of the NetBIOS session service (RFC 1002 4.3) or of
/// direct TCP, which look alike. Records are held until they are whole, up to a limit; the content
/// of a file is taken as it comes. Behind a gap the next record is looked for. Encrypted and
/// compressed messages are passed over.
class parser final : public stream_parser {
public:
  static constexpr std::size_t limit_record_bytes = std::size_t{1}
                                                    << 20; ///< held; the rest is left out
  /// The longest head of a WRITE or of the answer to a READ, with the content's first bytes.
  static constexpr std::size_t bulk_start_bytes = 128;

  /// `files` must outlive the parser.
  explicit parser(const settings& wanted, const file_settings& files = no_digests) noexcept
      : of_{wanted, files}, smb1_{of_}, smb2_{of_} {}

  std::string_view protocol() const noexcept override { return "smb"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override { return of_.live.shown(); }
  void release(std::uint64_t number) noexcept override { of_.release(number); }
  frame_list* frames() noexcept override { return &frames_.list; }

private:
  struct half {
    std::vector<std::byte> open;      ///< a record that is not whole yet, with its head
    std::uint64_t content_left = 0;   ///< of a run of content
    std::uint64_t behind_content = 0; ///< of the record, behind that
    std::uint64_t to_skip = 0;
    bool is_lost = false;
  };

  byte_view take(direction way, byte_view bytes);
  byte_view take_content(direction way, byte_view bytes);
  byte_view take_record(direction way, byte_view bytes);
  byte_view resynchronise(direction way, byte_view bytes);
  void begin_bulk(direction way, std::uint64_t record_size, const bulk& what);
  std::optional<bulk> find_bulk(direction way, byte_view start, std::uint64_t size) const noexcept;
  void on_record(direction way, byte_view record);

  connection of_;
  smb1_reader smb1_;
  smb2_reader smb2_;
  std::array<half, 2> halves_;
  frame_cutter frames_;
  frame_layout layout_;
};

} // namespace cresset::detect::proto::smb
