#include "capture/source/pcap_file.hpp"

#include "capture/decode/checksum.hpp"
#include "capture/decode/decoder.hpp"
#include "tests/capture/source/capture_files.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <thread>

using namespace cresset;
using namespace cresset::capture::source;
using namespace capture_files;

namespace {

struct taken {
  std::vector<bytes> packets;
  std::vector<std::uint64_t> numbers;
  std::vector<link_type> links;
  std::string failure;
  std::size_t largest_batch = 0;
};

taken read_all(pcap_file& file) {
  taken out;
  packet_batch batch;
  while (file.read(batch) == read_status::packets) {
    out.largest_batch = std::max(out.largest_batch, batch.size());
    for (const auto& packet : batch) {
      out.packets.emplace_back(packet.bytes.begin(), packet.bytes.end());
      out.numbers.push_back(packet.number);
      out.links.push_back(packet.link);
    }
  }
  BOOST_TEST((file.read(batch) == read_status::end));
  BOOST_TEST(batch.empty());
  out.failure = file.failure();
  return out;
}

taken read_all(const bytes& content) {
  const temporary_file file{content};
  pcap_file source{file.path()};
  return read_all(source);
}

std::string refusal(const bytes& content) {
  const temporary_file file{content};
  try {
    pcap_file source{file.path()};
    return "opened";
  } catch (const std::runtime_error& error) {
    const std::string text{error.what()};
    const auto name = "capture " + file.path().string() + ": ";
    BOOST_TEST(text.starts_with(name));
    return text.substr(std::min(name.size(), text.size()));
  }
}

bytes pcap_of(std::size_t packets, std::size_t size) {
  const writer write;
  auto file = write.pcap_header(1);
  for (std::size_t i = 0; i < packets; ++i)
    append(file, write.pcap_record(static_cast<std::uint32_t>(i), 0,
                                   filled(size, static_cast<unsigned>(i & 0xff))));
  return file;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pcap_file_test)

BOOST_AUTO_TEST_CASE(packets_come_in_order_and_in_batches) {
  const auto out = read_all(pcap_of(200, 60));
  BOOST_REQUIRE(out.packets.size() == 200U);
  BOOST_TEST(out.largest_batch == packet_batch::limit_packets);
  for (std::size_t i = 0; i < 200; ++i) {
    BOOST_TEST(out.numbers[i] == i + 1);
    BOOST_TEST((out.packets[i] == filled(60, static_cast<unsigned>(i))));
  }
  BOOST_TEST(out.failure == "");
}

BOOST_AUTO_TEST_CASE(a_file_larger_than_the_buffer_is_read_whole) {
  const auto out = read_all(pcap_of(5000, 1400));
  BOOST_REQUIRE(out.packets.size() == 5000U);
  BOOST_TEST((out.packets[4999] == filled(1400, 4999 & 0xff)));
  BOOST_TEST((out.packets[1500] == filled(1400, 1500 & 0xff)));
}

BOOST_AUTO_TEST_CASE(counters_name_what_was_read_and_a_file_loses_nothing) {
  const temporary_file file{pcap_of(3, 60)};
  pcap_file source{file.path()};
  read_all(source);
  const auto counters = source.counters();
  BOOST_TEST(counters.received_packets == 3U);
  BOOST_TEST(counters.received_bytes == 180U);
  BOOST_TEST(counters.dropped_packets.value() == 0U);
  BOOST_TEST(!counters.interface_dropped_packets);
  BOOST_TEST(source.name() == "file " + file.path().string());
  BOOST_TEST(source.interface_name().empty());
}

BOOST_AUTO_TEST_CASE(a_file_cut_anywhere_gives_every_whole_packet_and_says_so) {
  const auto whole = pcap_of(3, 60);
  for (std::size_t size = 24; size < whole.size(); ++size) {
    const auto out =
        read_all(bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    const auto packets = (size - 24) / 76;
    BOOST_TEST(out.packets.size() == packets);
    if ((size - 24) % 76 == 0)
      BOOST_TEST(out.failure == "");
    else
      BOOST_TEST(out.failure.ends_with("truncated after packet " + std::to_string(packets)));
  }
}

BOOST_AUTO_TEST_CASE(damage_in_the_middle_ends_the_file_and_says_where) {
  auto file = pcap_of(2, 60);
  append(file, filled(40, 0xee));
  const auto out = read_all(file);
  BOOST_TEST(out.packets.size() == 2U);
  BOOST_TEST(out.failure.ends_with("damaged after packet 2: what follows is no record"));
}

BOOST_AUTO_TEST_CASE(a_file_without_packets_is_no_failure) {
  BOOST_TEST(read_all(writer{}.pcap_header(1)).failure == "");
  BOOST_TEST(read_all(writer{}.section()).failure == "");
}

BOOST_AUTO_TEST_CASE(pcapng_mixes_link_types_and_steps_over_large_blocks) {
  const writer write;
  const auto file = write.join({write.section(), write.interface(1), write.interface(101),
                                write.enhanced(0, 0, filled(60, 1)),
                                write.block(0x0bad, filled(5 * 1024 * 1024, 0)),
                                write.enhanced(1, 0, filled(40, 2))});
  const auto out = read_all(file);
  BOOST_REQUIRE(out.packets.size() == 2U);
  BOOST_TEST((out.links[0] == link_type::ethernet));
  BOOST_TEST((out.links[1] == link_type::raw));
  BOOST_TEST(out.failure == "");
}

BOOST_AUTO_TEST_CASE(pcapng_cut_in_a_block_says_so) {
  const writer write;
  auto file = write.join({write.section(), write.interface(1), write.enhanced(0, 0, filled(60, 1)),
                          write.enhanced(0, 0, filled(60, 1))});
  const bytes cut(file.begin(), file.end() - 5);
  BOOST_TEST(read_all(cut).failure.ends_with("truncated after packet 1"));
  const auto skipping = write.join(
      {write.section(), write.interface(1), write.block(0x0bad, filled(5 * 1024 * 1024, 0))});
  const bytes skipping_cut(skipping.begin(), skipping.end() - 5);
  BOOST_TEST(read_all(skipping_cut).failure.ends_with("truncated after packet 0"));
}

BOOST_AUTO_TEST_CASE(a_pcapng_link_type_nobody_reads_is_counted) {
  const writer write;
  const temporary_file file{
      write.join({write.section(), write.interface(105), write.enhanced(0, 0, filled(60, 1))})};
  pcap_file source{file.path()};
  BOOST_TEST(read_all(source).packets.size() == 1U);
  BOOST_TEST(source.counters().refused_packets == 1U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_refused_in_one_line) {
  BOOST_TEST(refusal({}) == "is empty, not even a file header is there");
  BOOST_TEST(refusal(filled(100, 0x1f)) ==
             "is neither pcap nor pcapng (a compressed file must be unpacked first)");
  BOOST_TEST(refusal(writer{}.pcap_header(105)) == "link type 105 is not known here");
  const auto header = writer{}.pcap_header(1);
  BOOST_TEST(refusal(bytes(header.begin(), header.end() - 1)) == "ends within its file header");
  BOOST_CHECK_EXCEPTION(
      pcap_file{"/nowhere/at/all.pcap"}, std::runtime_error, [](const std::runtime_error& error) {
        return std::string{error.what()} ==
               "capture /nowhere/at/all.pcap: cannot be opened: No such file or directory";
      });
  BOOST_CHECK_EXCEPTION(pcap_file{"/"}, std::runtime_error, [](const std::runtime_error& error) {
    return std::string{error.what()} == "capture /: is a folder, not a capture file";
  });
}

BOOST_AUTO_TEST_CASE(a_pipe_is_read_as_it_comes) {
  const temporary_file place{{}};
  std::filesystem::remove(place.path());
  BOOST_REQUIRE(::mkfifo(place.path().c_str(), 0600) == 0);
  const auto content = pcap_of(100, 1000);
  std::thread feeder{[&] {
    const int pipe = ::open(place.path().c_str(), O_WRONLY);
    for (std::size_t at = 0; at < content.size();) {
      const auto written =
          ::write(pipe, content.data() + at, std::min<std::size_t>(777, content.size() - at));
      if (written <= 0)
        break;
      at += static_cast<std::size_t>(written);
    }
    ::close(pipe);
  }};
  pcap_file source{place.path()};
  const auto out = read_all(source);
  feeder.join();
  BOOST_TEST(out.packets.size() == 100U);
  BOOST_TEST(out.failure == "");
}

BOOST_AUTO_TEST_CASE(a_batch_stays_as_it_is_until_the_next_is_asked_for) {
  const temporary_file file{pcap_of(200, 60)};
  pcap_file source{file.path()};
  packet_batch batch;
  BOOST_REQUIRE((source.read(batch) == read_status::packets));
  BOOST_TEST(std::to_integer<int>(batch[0].bytes[0]) == 0);
  BOOST_TEST(std::to_integer<int>(batch[63].bytes[59]) == 63);
  source.release(batch);
  BOOST_TEST(batch.empty());
}

BOOST_AUTO_TEST_CASE(every_recorded_capture_is_read_and_decoded_without_damage) {
  namespace decode = cresset::capture::decode;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator{CRESSET_TEST_DATA}) {
    if (entry.path().extension() != ".pcap")
      continue;
    BOOST_TEST_CONTEXT(entry.path().filename().string()) {
      ++files;
      pcap_file source{entry.path()};
      decode::decoder reader;
      std::array<decode::decoded_packet, decode::decoder::limit_packets> out;
      packet_batch batch;
      std::size_t wrong_checksums = 0;
      while (source.read(batch) == read_status::packets)
        for (const auto& packet : batch)
          for (std::size_t i = reader.decode(packet.bytes, packet.link, out); i > 0; --i)
            wrong_checksums +=
                decode::transport_checksum(out[i - 1]) == decode::checksum_state::wrong ||
                decode::ipv4_header_checksum(out[i - 1]) == decode::checksum_state::wrong;
      BOOST_TEST(source.failure() == "");
      BOOST_TEST(wrong_checksums == 0U);
      const auto count = [&](decode::decode_status status) {
        return reader.counters().by_status[static_cast<std::size_t>(status)].value();
      };
      using enum decode::decode_status;
      BOOST_TEST(reader.counters().packets.value() > 0U);
      for (const auto status : {no_transport, unknown_payload, damaged_link, damaged_network,
                                damaged_transport, too_many_layers})
        BOOST_TEST(count(status) == 0U);
    }
  }
  BOOST_TEST(files > 20U);
}

BOOST_AUTO_TEST_SUITE_END()
