; For one user, without an administrator. Written by `cargo xtask dist`; names come by /D.
Target amd64-unicode
Unicode true
ManifestSupportedOS all
RequestExecutionLevel user
SetCompressor /SOLID lzma
SetDateSave off
Name "入れ札"
OutFile "${SETUP}"
InstallDir "$LOCALAPPDATA\Programs\Irefuda"
BrandingText "Irefuda ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=1041 "ProductName" "Irefuda"
VIAddVersionKey /LANG=1041 "FileDescription" "入れ札 投票プログラム"
VIAddVersionKey /LANG=1041 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=1041 "LegalCopyright" "Irefuda maintainers and contributors"

LoadLanguageFile "${NSISDIR}\Contrib\Language files\Japanese.nlf"
LoadLanguageFile "${NSISDIR}\Contrib\Language files\English.nlf"
LangString busy 1041 "投票プログラムが動いています。終わらせてから、もう一度実行してください。"
LangString busy 1033 "The voter's program is running. End it and start this again."
LangString file 1041 "投票認証ファイル"
LangString file 1033 "Irefuda start file"

Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

!define CLASSES "Software\Classes"
!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Irefuda"
!define CHANGED 'System::Call "shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)"'

Section
  SetShellVarContext current
  ; A program that runs cannot be replaced; better to say so before anything is written.
  IfFileExists "$INSTDIR\irefuda-booth.exe" 0 free
    ClearErrors
    FileOpen $0 "$INSTDIR\irefuda-booth.exe" a
    IfErrors 0 closed
      MessageBox MB_OK|MB_ICONEXCLAMATION "$(busy)" /SD IDOK
      Abort
    closed:
    FileClose $0
  free:
  !include "${PUT}"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${CLASSES}\.irefuda" "" "Irefuda.StartFile"
  WriteRegStr HKCU "${CLASSES}\Irefuda.StartFile" "" "$(file)"
  WriteRegStr HKCU "${CLASSES}\Irefuda.StartFile\shell\open\command" "" '"$INSTDIR\irefuda-booth.exe" "%1"'
  WriteRegStr HKCU "${ENTRY}" "DisplayName" "入れ札 投票プログラム"
  WriteRegStr HKCU "${ENTRY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${ENTRY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${ENTRY}" "InstallLocation" "$INSTDIR"
  WriteRegDWORD HKCU "${ENTRY}" "NoModify" 1
  WriteRegDWORD HKCU "${ENTRY}" "NoRepair" 1
  CreateShortcut "$SMPROGRAMS\入れ札.lnk" "$INSTDIR\irefuda-booth.exe"
  ${CHANGED}
SectionEnd

Section Uninstall
  SetShellVarContext current
  ; The files that were installed and no other: the folder was chosen by a person.
  !include "${DROP}"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\入れ札.lnk"
  DeleteRegKey HKCU "${ENTRY}"
  ReadRegStr $0 HKCU "${CLASSES}\.irefuda" ""
  StrCmp $0 "Irefuda.StartFile" 0 others
    DeleteRegKey HKCU "${CLASSES}\.irefuda"
  others:
  DeleteRegKey HKCU "${CLASSES}\Irefuda.StartFile"
  ${CHANGED}
SectionEnd
