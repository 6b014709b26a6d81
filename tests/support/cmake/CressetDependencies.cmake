# Third-party libraries, all from Debian 12. A room names the imported targets it links.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
set(Boost_NO_WARN_NEW_VERSIONS ON)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
if(CRESSET_TESTS)
  find_package(Boost 1.81 REQUIRED COMPONENTS unit_test_framework)
endif()
foreach(library PCAP=libpcap HYPERSCAN=libhs PCRE2=libpcre2-8 HTP=htp BROTLI=libbrotlidec ZMQ=libzmq PQXX=libpqxx SODIUM=libsodium
                ZSTD=libzstd XXHASH=libxxhash LMDB=lmdb CAPNG=libcap-ng SECCOMP=libseccomp SIMDJSON=simdjson MAGIC=libmagic
                CURL=libcurl PQ=libpq)
  string(REPLACE "=" ";" pair ${library})
  list(GET pair 0 name)
  list(GET pair 1 module)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${module})
endforeach()
# Debian's htp.pc names an include folder that the package does not have; the headers lie in /usr/include/htp.
set_target_properties(PkgConfig::HTP PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "")
# libzmq.pc says "-isystem /usr/include/mit-krb5", which CMake puts among the options on the first run and among the includes on the
# next: every second `cmake --preset` would rebuild what uses it. Nothing of Kerberos is used here.
set_target_properties(PkgConfig::ZMQ PROPERTIES INTERFACE_COMPILE_OPTIONS "" INTERFACE_INCLUDE_DIRECTORIES "")
if(CRESSET_DPDK)
  pkg_check_modules(DPDK REQUIRED IMPORTED_TARGET libdpdk)
  # pkg-config says -march=corei7, which would override ours in every file of the target: kept for the DPDK files alone.
endif()
find_program(FLATC flatc REQUIRED)
